import { jwtDecode } from 'jwt-decode';
import { createLocalStore, type LocalStore, removeKeys } from '../ui/local-store.ts';
import { STORED_BY_AMPLIFY, storedToken, type TokenStorage } from './stored-token.ts';

/** Who is signed in, by what Amplify keeps. */
export interface StoredSession {
  userId: string;
  accessToken: string;
}

/** A token that has less time left is Amplify's to refresh, in milliseconds. */
const LEFT_MS = 60_000;

/**
 * Reads the session that Amplify has stored, without any of Amplify's code, of which a page that opens with a good token
 * needs nothing. `undefined` where Amplify has to be asked: nobody is signed in, or the token has run out or is none.
 *
 * @param now - milliseconds since the epoch
 */
export function readStoredSession(storage: TokenStorage, clientId: string, now: number): StoredSession | undefined {
  const accessToken = storedToken(storage, clientId);
  if (accessToken === null) return undefined;
  try {
    const { sub, exp } = jwtDecode(accessToken);
    if (sub === undefined || exp === undefined || exp * 1000 < now + LEFT_MS) return undefined;
    return { userId: sub, accessToken };
  } catch {
    // No token of Cognito's: Amplify says what becomes of it.
    return undefined;
  }
}

/** Where Amplify keeps its tokens: in `localStorage`, or in memory where the browser does not store them. */
export const tokenStore = createLocalStore(
  () => window.localStorage,
  () => window,
  '',
);

/** Whose tokens are stored, even if they have expired; `undefined` if there are none. */
export function storedUserId(clientId: string): string | undefined {
  const token = storedToken(() => ({ getItem: (key) => tokenStore.get(key) }), clientId);
  try {
    return token === null ? undefined : jwtDecode(token).sub;
  } catch {
    return undefined;
  }
}

/** The refresh token that Amplify has stored. */
export function storedRefreshToken(): string | null {
  const key = tokenStore.keys(STORED_BY_AMPLIFY).find((name) => name.endsWith('.refreshToken'));
  return key === undefined ? null : tokenStore.get(key);
}

/** Removes what Amplify has stored. */
export function forgetTokens(store: LocalStore): void {
  removeKeys(store, STORED_BY_AMPLIFY);
}
