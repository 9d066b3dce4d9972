import { jwtDecode } from 'jwt-decode';
import { createLocalStore, removeKeys } from '../ui/local-store.ts';

// Reads what Amplify stores, without Amplify's code: a page that opens with a valid token needs none of it.

/** The prefix of all keys that Amplify stores. */
export const AMPLIFY_PREFIX = 'CognitoIdentityServiceProvider';

/** A token that expires sooner is left for Amplify to refresh, in milliseconds. */
const MIN_LEFT_MS = 60_000;

/** Amplify's storage: `localStorage`, or memory where the browser blocks it. */
export const tokenStore = createLocalStore('');

/** The stored access token, which may have expired; `null` where there is none. */
export function storedAccessToken(clientId: string): string | null {
  const prefix = `${AMPLIFY_PREFIX}.${clientId}`;
  const username = tokenStore.get(`${prefix}.LastAuthUser`);
  return tokenStore.get(`${prefix}.${username}.accessToken`);
}

/** The stored session if its token is valid for at least a minute, else `undefined`. `now` is in milliseconds since the epoch. */
export function readStoredSession(clientId: string, now: number) {
  const accessToken = storedAccessToken(clientId);
  const { sub, exp } = decode(accessToken);
  if (accessToken === null || sub === undefined || exp === undefined) return undefined;
  return exp * 1000 < now + MIN_LEFT_MS ? undefined : { userId: sub, accessToken };
}

/** The owner of an access token, even if it has expired. */
export const userIdOf = (accessToken: string | null): string | undefined => decode(accessToken).sub;

function decode(token: string | null): { sub?: string; exp?: number } {
  try {
    return token === null ? {} : jwtDecode(token);
  } catch {
    // Not a JWT: let Amplify decide.
    return {};
  }
}

export function storedRefreshToken(): string | null {
  const key = tokenStore.keys(AMPLIFY_PREFIX).find((name) => name.endsWith('.refreshToken'));
  return key === undefined ? null : tokenStore.get(key);
}

export const forgetTokens = (): void => removeKeys(tokenStore, AMPLIFY_PREFIX);
