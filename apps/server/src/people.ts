import type { CognitoProfile } from '@cruddur/cognito';
import { foldAsciiCase, HANDLE_PATTERN, shownName } from '@cruddur/config';
import {
  createUser,
  type Database,
  findUserByCognitoId,
  findUserByHandle,
  findUsersByUuid,
  isDatabaseUnavailable,
  type UserShort,
} from '@cruddur/db';
import { LRUCache } from 'lru-cache';
import { Refusal } from './errors.ts';

/** Finds and caches people, so that known people can continue while PostgreSQL is down. */
export interface People {
  /** Finds the person of an access token. Their first call creates their row from their Cognito profile. */
  ofToken(token: { sub: string; accessToken: string }): Promise<UserShort>;
  /** @throws {Refusal} `user_not_found` */
  byHandle(handle: string): Promise<UserShort>;
  byUuid: (uuid: string) => Promise<UserShort | undefined>;
}

/** The person has signed out everywhere, or the account was deleted. */
const REFUSED_BY_COGNITO = new Set(['NotAuthorizedException', 'UserNotFoundException']);

/** Most people in each cache. */
const CACHE_SIZE = 20_000;
/** How long a cached person is used without reading their row, in milliseconds. */
const FRESH_MS = 5 * 60_000;
/** How old a cached person may become while PostgreSQL is down, in milliseconds. */
const STALE_MS = 60 * 60_000;

/** @param deps.now - a clock that never goes back, milliseconds */
export function createPeople(deps: {
  db: Database;
  getProfile: (accessToken: string) => Promise<CognitoProfile>;
  now?: () => number;
}): People {
  const { db, getProfile, now = () => performance.now() } = deps;
  const bySub = createCache(now);
  const byHandle = createCache(now);

  return {
    ofToken: ({ sub, accessToken }) =>
      bySub(sub, async () => toShort((await findUserByCognitoId(db, sub)) ?? (await signUp(sub, accessToken)))),

    byHandle: (handle) =>
      byHandle(foldAsciiCase(handle), async () => {
        const user = await findUserByHandle(db, handle);
        if (!user) throw new Refusal('user_not_found');
        return toShort(user);
      }),

    async byUuid(uuid) {
      const [user] = await findUsersByUuid(db, [uuid]);
      return user && toShort(user);
    },
  };

  async function signUp(sub: string, accessToken: string): Promise<UserShort> {
    const profile = await fetchProfile(accessToken);
    const handle = profile.handle ?? '';
    if (!HANDLE_PATTERN.test(handle)) throw new Refusal('handle_invalid');
    const displayName = shownName(profile.displayName ?? '', handle);
    return createUser(db, { handle, displayName, email: profile.email ?? '', cognitoUserId: sub });
  }

  async function fetchProfile(accessToken: string): Promise<CognitoProfile> {
    try {
      return await getProfile(accessToken);
    } catch (cause) {
      const isRefused = cause instanceof Error && REFUSED_BY_COGNITO.has(cause.name);
      throw new Refusal(isRefused ? 'token_invalid' : 'store_unavailable', { cause });
    }
  }
}

/**
 * Caches people. Simultaneous calls for one key share one read. While the database does not answer, cached people are used
 * until they are too old.
 */
function createCache(now: () => number) {
  type Cached = { user: UserShort; readAt: number };
  type Read = () => Promise<UserShort>;
  const cache = new LRUCache<string, Cached, Read>({
    max: CACHE_SIZE,
    ttl: FRESH_MS,
    perf: { now },
    ttlResolution: 0,
    // Callers receive the person even if the entry is evicted meanwhile.
    ignoreFetchAbort: true,
    async fetchMethod(_key, cached, { context: read }) {
      try {
        return { user: await read(), readAt: now() };
      } catch (error) {
        if (cached && isDatabaseUnavailable(error) && now() - cached.readAt < STALE_MS) return cached;
        throw error;
      }
    },
  });
  return async (key: string, read: Read) => (await cache.forceFetch(key, { context: read })).user;
}

/** The public fields, with the name as it is displayed. */
export function toShort({ uuid, handle, displayName }: UserShort): UserShort {
  return { uuid, handle, displayName: shownName(displayName, handle) };
}
