import { createContext, useContext, useSyncExternalStore } from 'react';
import type { WebEnv } from '../env.ts';
import { createListeners } from '../ui/listeners.ts';
import { createCognitoSession, type LoadAmplify } from './cognito-session.ts';
import { AMPLIFY_PREFIX } from './stored-session.ts';

/** A signed-in person. `userId` is Cognito's `sub`. */
interface Session {
  userId: string;
}

/** How a session ended: the person signed out, or the server refused its token. */
type SessionEnding = 'requested' | 'expired';

export type SessionStore = ReturnType<typeof createSessionStore>;

/** Amplify writes its tokens one by one: another tab's change is complete after this time, in milliseconds. */
const OTHER_TAB_MS = 200;

/** Keeps the current session, and follows sign-ins and sign-outs of other tabs. */
export function createSessionStore(env: WebEnv, loadAmplify: LoadAmplify) {
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
  const signOut = (how: SessionEnding) => {
    ending = how;
    cognito.end();
    become(null);
  };
  const refresh = async () => become(await cognito.read());

  let timer: ReturnType<typeof setTimeout> | undefined;
  window.addEventListener('storage', ({ key }) => {
    if (key !== null && !key.startsWith(AMPLIFY_PREFIX)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void refresh(), OTHER_TAB_MS);
  });

  return {
    /** `undefined` until known, `null` when signed out. */
    current: () => session,
    subscribe,
    /** Reads the session again: after signing in, or if the server refused a token. */
    refresh,
    /** Starts with a session that the page knows of, and reads it in the background: its token may have to be refreshed first. */
    resume(userId: string) {
      become({ userId });
      void refresh();
    },
    /** How the last session of this tab ended; `null` where there was none. */
    ending: () => ending,
    /** Loads and configures Amplify. Needed before each call of Amplify's. Throws {@link CodeNotLoaded}. */
    connect: () => loadCode(cognito.connect),
    /** Ends the session on this device at once. Cognito revokes it in the background. */
    signOut,
    /**
     * Ends all sessions of the person. Rejects, and ends none, if Cognito does not.
     *
     * @param onRevoked - called before this session ends, too
     */
    async signOutEverywhere(onRevoked: () => void) {
      if (!session) return;
      await cognito.revokeEverywhere(session.userId);
      onRevoked();
      signOut('requested');
    },
    /** Ends a person's session, since the server refused their token. Another person, who has signed in since, stays signed in. */
    expire: (userId: string) => {
      if (session?.userId === userId) signOut('expired');
    },
    tokensOf: cognito.tokensOf,
    expireToken: cognito.expire,
    /** SRP on AWS; the emulator has the password flow only. */
    authFlowType: env.cognitoEndpoint === undefined ? ('USER_SRP_AUTH' as const) : ('USER_PASSWORD_AUTH' as const),
  };
}

/** `authErrorWords` knows this error by its name. */
class CodeNotLoaded extends Error {
  override name = 'NetworkError';
}

/** Loads code that a form needs. Throws {@link CodeNotLoaded}. */
export async function loadCode<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new CodeNotLoaded('The code did not load.', { cause });
  }
}

const SessionContext = createContext<SessionStore | null>(null);

export const SessionProvider = SessionContext.Provider;

export function useSessionStore(): SessionStore {
  const store = useContext(SessionContext);
  if (store === null) throw new Error('useSessionStore is called outside SessionProvider');
  return store;
}

/** The current session: `undefined` until known, `null` when signed out. */
export function useSession(): Session | null | undefined {
  const store = useSessionStore();
  return useSyncExternalStore(store.subscribe, store.current);
}
