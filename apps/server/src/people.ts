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

/** Finds people, and remembers them: known people can go on while PostgreSQL is away. */
export interface People {
  /** The person of an access token. Their first call creates their row from their Cognito profile. */
  ofToken(token: { sub: string; accessToken: string }): Promise<UserShort>;
  /** @throws {Refusal} `user_not_found` */
  byHandle(handle: string): Promise<UserShort>;
  byUuid: (uuid: string) => Promise<UserShort | undefined>;
}

/** Cognito refuses the token: signed out everywhere, or the account is gone. */
const REFUSED_BY_COGNITO = new Set(['NotAuthorizedException', 'UserNotFoundException']);

/** People in each memory. */
const MEMORY = 20_000;
/** How long a person is remembered without reading their row again, milliseconds. */
const FRESH_MS = 5 * 60_000;
/** How old a memory may become while PostgreSQL is away, milliseconds. */
const STALE_MS = 60 * 60_000;

/** @param deps.now - a clock that never goes back, milliseconds */
export function createPeople(deps: {
  db: Database;
  getProfile: (accessToken: string) => Promise<CognitoProfile>;
  now?: () => number;
}): People {
  const { db, getProfile, now = () => performance.now() } = deps;
  const bySub = createMemory(now);
  const byHandle = createMemory(now);

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
    const profile = await askCognito(accessToken);
    const handle = profile.handle ?? '';
    if (!HANDLE_PATTERN.test(handle)) throw new Refusal('handle_invalid');
    const displayName = shownName(profile.displayName ?? '', handle);
    return createUser(db, { handle, displayName, email: profile.email ?? '', cognitoUserId: sub });
  }

  async function askCognito(accessToken: string): Promise<CognitoProfile> {
    try {
      return await getProfile(accessToken);
    } catch (cause) {
      const isRefused = cause instanceof Error && REFUSED_BY_COGNITO.has(cause.name);
      throw new Refusal(isRefused ? 'token_invalid' : 'store_unavailable', { cause });
    }
  }
}

/**
 * A memory of people. Calls at the same time for one key share one read. When the database does not answer, what is
 * remembered is used, unless it is too old.
 */
function createMemory(now: () => number) {
  type Remembered = { user: UserShort; readAt: number };
  type Read = () => Promise<UserShort>;
  const memory = new LRUCache<string, Remembered, Read>({
    max: MEMORY,
    ttl: FRESH_MS,
    perf: { now },
    ttlResolution: 0,
    // The callers get their answer even if the entry is evicted meanwhile.
    ignoreFetchAbort: true,
    async fetchMethod(_key, known, { context: read }) {
      try {
        return { user: await read(), readAt: now() };
      } catch (error) {
        if (known && isDatabaseUnavailable(error) && now() - known.readAt < STALE_MS) return known;
        throw error;
      }
    },
  });
  return async (key: string, read: Read) => (await memory.forceFetch(key, { context: read })).user;
}

/** The fields that others may see, with the name as it is shown. */
export function toShort({ uuid, handle, displayName }: UserShort): UserShort {
  return { uuid, handle, displayName: shownName(displayName, handle) };
}
