import type { WebEnv } from '../env.ts';
import { createListeners } from '../ui/listeners.ts';
import { createCognitoSession, type LoadAmplify } from './cognito-session.ts';
import type { Session, SessionEnding, SessionStore } from './session-context.ts';
import { AMPLIFY_PREFIX } from './stored-session.ts';

/** Amplify writes its tokens one by one: another tab's change is complete after this time, in milliseconds. */
const OTHER_TAB_MS = 200;

/** Keeps the current session, and follows sign-ins and sign-outs of other tabs. */
export function createSessionStore(env: WebEnv, loadAmplify: LoadAmplify): SessionStore {
  const { subscribe, notify } = createListeners();
  let session: Session | null | undefined;
  let ending: SessionEnding | null = null;
  const cognito = createCognitoSession(env, loadAmplify, () => session === null);

  const become = (next: Session | null) => {
    if (session !== undefined && session?.userId === next?.userId) return;
    if (session && next === null) ending ??= 'expired';
    if (next) ending = null;
    session = next;
    notify();
  };
  const refresh = async () => become(await cognito.read());

  let timer: ReturnType<typeof setTimeout> | undefined;
  window.addEventListener('storage', ({ key }) => {
    if (key !== null && !key.startsWith(AMPLIFY_PREFIX)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void refresh(), OTHER_TAB_MS);
  });

  return {
    current: () => session,
    subscribe,
    refresh,
    ending: () => ending,
    async connect() {
      await loadCode(cognito.connect);
    },
    signOut(how) {
      ending = how;
      cognito.end();
      become(null);
    },
    tokens: cognito.tokens,
    authFlowType: env.cognitoEndpoint === undefined ? 'USER_SRP_AUTH' : 'USER_PASSWORD_AUTH',
  };
}

/** `authErrorWords` knows this error by its name. */
class CodeNotLoaded extends Error {
  override name = 'NetworkError';
}

/**
 * Loads code that a form needs.
 *
 * @throws {CodeNotLoaded} if it does not load
 */
export async function loadCode<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new CodeNotLoaded('The code did not load.', { cause });
  }
}
