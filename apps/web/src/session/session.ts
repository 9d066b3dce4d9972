import { importAmplify, importSignInPage } from '../app/page-modules.ts';
import type { WebEnv } from '../env.ts';
import type { AccessTokens } from '../trpc/links.ts';
import { loadWhenIdle } from '../ui/lazy-part.ts';
import type { ConnectedAmplify } from './amplify.ts';
import { loadCode } from './load-code.ts';
import { revokeToken } from './revoke-token.ts';
import { forgetTokens, readStoredSession, storedRefreshToken, storedUserId, tokenStore } from './stored-session.ts';
import { STORED_BY_AMPLIFY } from './stored-token.ts';

/** Somebody who is signed in. `userId` is Cognito's `sub`. */
export interface Session {
  userId: string;
}

/** Who is signed in: `undefined` until it is known, `null` for nobody. */
export interface SessionStore {
  current: () => Session | null | undefined;
  subscribe: (listener: () => void) => () => void;
  /** Reads again who is signed in: after signing in, or if the server refused a token. */
  refresh(): Promise<void>;
  /**
   * Loads and configures Amplify. Needed before each call of Amplify's.
   *
   * @throws {CodeNotLoaded} if its code does not load
   */
  connect(): Promise<void>;
  /**
   * Ends the session on this device at once, at the person's wish or because the server refuses its token. Cognito is asked
   * in the background to revoke it.
   */
  signOut(ending: 'requested' | 'expired'): void;
  /** How the last session of this tab ended; `null` where there was none. */
  ending(): 'requested' | 'expired' | null;
  /** The access token that `refresh` found, perhaps expired by now; `undefined` if there was none. */
  accessToken(): string | undefined;
  tokens: AccessTokens;
  /** SRP on AWS; the emulator has the password flow only. */
  authFlowType: 'USER_SRP_AUTH' | 'USER_PASSWORD_AUTH';
}

type AuthSession = Pick<Awaited<ReturnType<ConnectedAmplify['fetchAuthSession']>>, 'userSub' | 'tokens'>;

/** How long a page waits for Cognito before it is drawn, in milliseconds. */
const COGNITO_TIMEOUT_MS = 8_000;

const rejectAfter = (ms: number) =>
  new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });

/**
 * Follows who is signed in, in this tab and the others. Amplify is needed only to refresh a token or to sign in: a page that
 * opens with a good token is drawn before Amplify's code has loaded.
 */
export function createSessionStore(env: WebEnv): SessionStore {
  const listeners = new Set<() => void>();
  let session: Session | null | undefined;
  let ending: 'requested' | 'expired' | null = null;
  let forceRefresh = false;
  let signOuts = 0;
  let accessToken: string | undefined;
  let connecting: Promise<ConnectedAmplify> | undefined;

  const amplify = () => {
    connecting ??= importAmplify()
      .then(({ connectAmplify }) => connectAmplify(env))
      .catch((error: unknown) => {
        connecting = undefined;
        throw error;
      });
    return connecting;
  };
  loadWhenIdle(amplify);
  // Signing out without a network shows the sign-in page, not an empty one.
  loadWhenIdle(importSignInPage);
  /** Once Amplify has loaded, only it is asked. */
  const readStored = () =>
    connecting === undefined ? readStoredSession(() => window.localStorage, env.clientId, Date.now()) : undefined;
  const become = (next: Session | null) => {
    if (session !== undefined && session?.userId === next?.userId) return;
    if (session && next === null) ending ??= 'expired';
    if (next) ending = null;
    session = next;
    for (const listener of listeners) listener();
  };
  /** Asks Amplify for tokens. Those that arrive after a sign-out are removed again. */
  const fetchSession = async (forceRefresh = false): Promise<AuthSession> => {
    const before = signOuts;
    const { fetchAuthSession } = await amplify();
    const read = await fetchAuthSession({ forceRefresh });
    if (signOuts === before || session !== null) return read;
    forgetTokens(tokenStore);
    return {};
  };
  /** Without an answer from Cognito, an expired token is not refreshed, but still says who is signed in. */
  const readSession = async (): Promise<(Session & { accessToken?: string }) | null> => {
    try {
      const { userSub: userId, tokens } = await Promise.race([fetchSession(), rejectAfter(COGNITO_TIMEOUT_MS)]);
      if (userId === undefined) return null;
      return { userId, ...(tokens && { accessToken: tokens.accessToken.toString() }) };
    } catch (error) {
      console.warn('The session was not refreshed.', error);
      const userId = storedUserId(env.clientId);
      return userId === undefined ? null : { userId };
    }
  };
  const refresh = async () => {
    const read = readStored() ?? (await readSession());
    accessToken = read?.accessToken;
    become(read && { userId: read.userId });
  };

  let settled: ReturnType<typeof setTimeout> | undefined;
  window.addEventListener('storage', (event) => {
    // Another tab signed in or out. Amplify writes its tokens one by one: wait for the last.
    if (event.key !== null && !event.key.startsWith(STORED_BY_AMPLIFY)) return;
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
    accessToken: () => accessToken,
    async connect() {
      await loadCode(amplify);
    },
    signOut(how) {
      ending = how;
      signOuts++;
      const refreshToken = storedRefreshToken();
      forgetTokens(tokenStore);
      accessToken = undefined;
      become(null);
      if (refreshToken === null) return;
      revokeToken(env, refreshToken).catch((error: unknown) => console.warn('The session was not revoked.', error));
    },
    tokens: {
      async get() {
        const force = forceRefresh;
        forceRefresh = false;
        const stored = force ? undefined : readStored();
        if (stored) return stored.accessToken;
        const { tokens } = await fetchSession(force);
        return tokens?.accessToken.toString() ?? null;
      },
      expire() {
        forceRefresh = true;
      },
    },
    authFlowType: env.cognitoEndpoint === undefined ? 'USER_SRP_AUTH' : 'USER_PASSWORD_AUTH',
  };
}
