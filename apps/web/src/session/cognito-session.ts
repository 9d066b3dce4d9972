import type { WebEnv } from '../env.ts';
import type { AccessTokens } from '../trpc/links.ts';
import { forgetTokens, readStoredSession, storedAccessToken, storedRefreshToken, userIdOf } from './stored-session.ts';

export type LoadAmplify = () => Promise<typeof import('./amplify.ts')>;

/** How long the first render waits for Cognito, in milliseconds. */
const READ_TIMEOUT_MS = 8_000;
const REVOKE_TIMEOUT_MS = 15_000;

/**
 * Cognito's session in this browser. Amplify is loaded only to refresh a token or to sign in: a page that opens with a valid
 * token is drawn without its code.
 *
 * @param isSignedOut - whether tokens that arrive late are unwanted
 */
export function createCognitoSession(env: WebEnv, loadAmplify: LoadAmplify, isSignedOut: () => boolean) {
  const connect = async () => (await loadAmplify()).connectAmplify(env);
  const readStored = () => readStoredSession(env.clientId, Date.now());
  let forceRefresh = false;
  let signOuts = 0;
  /** Makes the next call refresh the token, whatever its expiry. */
  const expire = () => {
    forceRefresh = true;
  };

  /** Asks Amplify for tokens. Those that arrive after a sign-out are removed again. */
  const fetchSession = async (forceRefresh = false) => {
    const before = signOuts;
    const { fetchAuthSession } = await connect();
    const session = await fetchAuthSession({ forceRefresh });
    if (signOuts === before || !isSignedOut()) return session;
    forgetTokens();
    return {};
  };
  /** `null` if the session is over. */
  const fetchToken = async (userId: string, force: boolean) => {
    const { userSub = userId, tokens } = await fetchSession(force);
    if (userSub !== userId) throw new OtherPersonError();
    return tokens?.accessToken.toString() ?? null;
  };
  /** Another person may have signed in since, here or in another tab: a call of this one's is not sent as theirs. */
  const tokensOf = (userId: string): AccessTokens => ({
    get() {
      const force = forceRefresh;
      forceRefresh = false;
      const stored = force ? undefined : readStored();
      if (stored === undefined) return fetchToken(userId, force);
      return stored.userId === userId ? stored.accessToken : Promise.reject(new OtherPersonError());
    },
    expire,
  });
  return {
    tokensOf,
    expire,
    connect,
    async read() {
      const userId = readStored()?.userId ?? (await fetchUserId(env, fetchSession));
      return userId === undefined ? null : { userId };
    },
    /** Asks Cognito to revoke all refresh tokens of the person. Rejects if it does not. */
    async revokeEverywhere(userId: string) {
      const accessToken = await tokensOf(userId).get();
      if (accessToken === null) throw new Error('The session is over.');
      // Amplify's `signOut({ global: true })` would hide a failure.
      await callCognito(env, 'GlobalSignOut', { AccessToken: accessToken });
    },
    /** Forgets the tokens at once, and asks Cognito in the background to revoke them. */
    end() {
      signOuts++;
      const refreshToken = storedRefreshToken();
      forgetTokens();
      if (refreshToken === null) return;
      revokeToken(env, refreshToken).catch((error: unknown) => console.warn('The session was not revoked.', error));
    },
  };
}

class OtherPersonError extends Error {
  constructor() {
    super('Another person has signed in.');
  }
}

async function fetchUserId(env: WebEnv, fetchSession: () => Promise<{ userSub?: string }>) {
  try {
    return (await Promise.race([fetchSession(), rejectAfter(READ_TIMEOUT_MS)])).userSub;
  } catch (error) {
    console.warn('The session was not refreshed.', error);
    // An expired token still shows who is signed in.
    return userIdOf(storedAccessToken(env.clientId));
  }
}

/** Asks Cognito to revoke a refresh token. Not through Amplify, which would read the token from the emptied storage. */
const revokeToken = (env: WebEnv, token: string) =>
  callCognito(env, 'RevokeToken', { ClientId: env.clientId, Token: token });

async function callCognito({ userPoolId, cognitoEndpoint }: WebEnv, call: string, input: object): Promise<void> {
  const region = userPoolId.split('_')[0];
  const answer = await fetch(cognitoEndpoint ?? `https://cognito-idp.${region}.amazonaws.com/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${call}`,
    },
    body: JSON.stringify(input),
    // The page may be closed at once.
    keepalive: true,
    signal: AbortSignal.timeout(REVOKE_TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`Cognito refused ${call}: ${answer.status}`);
}

const rejectAfter = (ms: number) =>
  new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
