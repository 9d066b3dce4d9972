import type { WebEnv } from '../env.ts';
import { importAmplify, importSignInPage } from '../page-modules.ts';
import type { AccessTokens } from '../trpc/links.ts';
import { loadWhenIdle } from '../ui/lazy-part.ts';
import type { ConnectedAmplify } from './amplify.ts';
import { loadCode } from './load-code.ts';
import { forgetTokens, readStoredSession, type StoredSession, tokenStore } from './stored-session.ts';
import { STORED_BY_AMPLIFY } from './stored-token.ts';

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
  /**
   * Makes sure that Amplify is there and knows where Cognito is: whoever calls it asks for this before.
   *
   * @throws {CodeNotLoaded} where its code does not come
   */
  connect(): Promise<void>;
  /** Ends the session on this device: by the person's wish, or since the server no longer takes its token. */
  signOut(ending: 'wished' | 'expired'): Promise<void>;
  /** How the last session of this tab ended; `null` where there was none. */
  ending(): 'wished' | 'expired' | null;
  /** The access token that `refresh` found, perhaps run out by now; `undefined` where there was none. */
  accessToken(): string | undefined;
  tokens: AccessTokens;
  /** SRP on AWS; the emulator has the password flow alone. */
  authFlowType: 'USER_SRP_AUTH' | 'USER_PASSWORD_AUTH';
}

/**
 * Follows who is signed in, in this tab and the others. Amplify is asked from the moment that a token has to be refreshed
 * or somebody signs in or out: a page that opens with a good token stands before its code has come.
 */
export function createSessionStore(env: WebEnv): SessionStore {
  const listeners = new Set<() => void>();
  let session: Session | null | undefined;
  let ending: 'wished' | 'expired' | null = null;
  let forceRefresh = false;
  let accessToken: string | undefined;
  let connecting: Promise<ConnectedAmplify> | undefined;

  const amplify = () => {
    connecting ??= importAmplify()
      .then(({ connectAmplify }) => connectAmplify(env, () => void refresh()))
      .catch((error: unknown) => {
        connecting = undefined;
        throw error;
      });
    return connecting;
  };
  loadWhenIdle(amplify);
  // Who signs out without a network stands at the sign-in page, not before an empty one.
  loadWhenIdle(importSignInPage);
  /** Once Amplify is there, it alone knows. */
  const readStored = () =>
    connecting === undefined ? readStoredSession(() => window.localStorage, env.clientId, Date.now()) : undefined;
  const become = (next: Session | null) => {
    if (session !== undefined && session?.userId === next?.userId) return;
    if (session && next === null) ending ??= 'expired';
    if (next) ending = null;
    session = next;
    for (const listener of listeners) listener();
  };
  const refresh = async () => {
    const read = readStored() ?? (await readSession(await amplify()));
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
    async signOut(how) {
      ending = how;
      // Without a network the refresh token cannot be revoked; what is kept here is removed all the same.
      await amplify()
        .then(({ signOut }) => signOut())
        .catch(() => forgetTokens(tokenStore));
      accessToken = undefined;
      become(null);
    },
    tokens: {
      async get() {
        const force = forceRefresh;
        forceRefresh = false;
        const stored = force ? undefined : readStored();
        if (stored) return stored.accessToken;
        const { fetchAuthSession } = await amplify();
        const { tokens } = await fetchAuthSession({ forceRefresh: force });
        return tokens?.accessToken.toString() ?? null;
      },
      expire() {
        forceRefresh = true;
      },
    },
    authFlowType: env.cognitoEndpoint === undefined ? 'USER_SRP_AUTH' : 'USER_PASSWORD_AUTH',
  };
}

/** Who is signed in by the tokens at hand. Without a network an expired token cannot be refreshed, but stays one's own. */
async function readSession({
  fetchAuthSession,
  getCurrentUser,
}: ConnectedAmplify): Promise<(Session & Partial<StoredSession>) | null> {
  try {
    const { userSub, tokens } = await fetchAuthSession();
    if (userSub === undefined) return null;
    return { userId: userSub, ...(tokens && { accessToken: tokens.accessToken.toString() }) };
  } catch {
    return getCurrentUser().then(
      ({ userId }) => ({ userId }),
      () => null,
    );
  }
}
