import { Amplify } from 'aws-amplify';
import { fetchAuthSession, getCurrentUser, signOut as signOutOfCognito } from 'aws-amplify/auth';
import { Hub } from 'aws-amplify/utils';
import type { WebEnv } from '../env.ts';
import type { AccessTokens } from '../trpc/links.ts';

/** Somebody who is signed in. `userId` is Cognito's `sub`. */
export interface Session {
  userId: string;
}

/** Who is signed in: `undefined` until it is known, `null` for nobody. */
export interface SessionStore {
  current: () => Session | null | undefined;
  subscribe: (listener: () => void) => () => void;
  /** Reads anew who is signed in: after signing in, or where the server refused a token. */
  refresh(): Promise<void>;
  /** Ends the session on this device: by the person's wish, or since the server no longer takes its token. */
  signOut(ending: 'wished' | 'expired'): Promise<void>;
  /** How the last session of this tab ended; `null` where there was none. */
  ending(): 'wished' | 'expired' | null;
  tokens: AccessTokens;
  /** SRP on AWS; the emulator has the password flow alone. */
  authFlowType: 'USER_SRP_AUTH' | 'USER_PASSWORD_AUTH';
}

/** Tells Amplify where Cognito is, and follows who is signed in, in this tab and the others. */
export function createSessionStore(env: WebEnv): SessionStore {
  const { userPoolId, clientId: userPoolClientId, cognitoEndpoint: userPoolEndpoint } = env;
  Amplify.configure({
    Auth: {
      Cognito: { userPoolId, userPoolClientId, ...(userPoolEndpoint === undefined ? {} : { userPoolEndpoint }) },
    },
  });
  const listeners = new Set<() => void>();
  let session: Session | null | undefined;
  let ending: 'wished' | 'expired' | null = null;
  let forceRefresh = false;

  const become = (next: Session | null) => {
    if (session !== undefined && session?.userId === next?.userId) return;
    if (session && next === null) ending ??= 'expired';
    if (next) ending = null;
    session = next;
    for (const listener of listeners) listener();
  };
  const refresh = async () => become(await readSession());

  Hub.listen('auth', ({ payload }) => {
    if (payload.event === 'signedOut' || payload.event === 'tokenRefresh_failure') void refresh();
  });
  let settled: ReturnType<typeof setTimeout> | undefined;
  window.addEventListener('storage', (event) => {
    // Amplify keeps tokens under this name: another tab signed in or out. It writes them one by one: wait for the last.
    if (event.key !== null && !event.key.startsWith('CognitoIdentityServiceProvider')) return;
    clearTimeout(settled);
    settled = setTimeout(() => void refresh(), 200);
  });

  return {
    current: () => session,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh,
    ending: () => ending,
    async signOut(how) {
      ending = how;
      // Without a network the refresh token cannot be revoked; what is kept here is removed all the same.
      await signOutOfCognito().catch(() => undefined);
      become(null);
    },
    tokens: {
      async get() {
        const force = forceRefresh;
        forceRefresh = false;
        const { tokens } = await fetchAuthSession({ forceRefresh: force });
        return tokens?.accessToken.toString() ?? null;
      },
      expire() {
        forceRefresh = true;
      },
    },
    authFlowType: userPoolEndpoint === undefined ? 'USER_SRP_AUTH' : 'USER_PASSWORD_AUTH',
  };
}

/** Who is signed in by the tokens at hand. Without a network an expired token cannot be refreshed, but stays one's own. */
async function readSession(): Promise<Session | null> {
  try {
    const { userSub } = await fetchAuthSession();
    return userSub === undefined ? null : { userId: userSub };
  } catch {
    return getCurrentUser().then(
      ({ userId }) => ({ userId }),
      () => null,
    );
  }
}
