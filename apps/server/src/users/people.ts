import type { CognitoProfile } from '@cruddur/cognito';
import { DISPLAY_NAME_MAX_CODE_POINTS, HANDLE_PATTERN } from '@cruddur/config';
import {
  createUser,
  type Database,
  findUserByCognitoId,
  findUserByHandle,
  findUsersByUuid,
  type UserShort,
} from '@cruddur/db';
import { LRUCache } from 'lru-cache';
import { Refusal } from '../errors.ts';

/** Who people are, remembered for a while, so that known people go on while Postgres is away. */
export interface People {
  /** The person of an access token; their first call makes their row from what Cognito knows. */
  ofToken(token: { sub: string; accessToken: string }): Promise<UserShort>;
  /** @throws {Refusal} `user_not_found` */
  byHandle(handle: string): Promise<UserShort>;
  byUuid: (uuid: string) => Promise<UserShort | undefined>;
}

/** A token that Cognito no longer takes: signed out everywhere, or the account is gone. */
const REFUSED_BY_COGNITO = new Set(['NotAuthorizedException', 'UserNotFoundException']);

const REMEMBERED = { max: 20_000, ttl: 5 * 60_000 };

export function createPeople(deps: {
  db: Database;
  getProfile: (accessToken: string) => Promise<CognitoProfile>;
}): People {
  const { db, getProfile } = deps;
  const bySub = new LRUCache<string, UserShort>(REMEMBERED);
  const byHandle = new LRUCache<string, UserShort>(REMEMBERED);

  return {
    async ofToken({ sub, accessToken }) {
      const known = bySub.get(sub);
      if (known) return known;
      const user = toShort((await findUserByCognitoId(db, sub)) ?? (await signUp(sub, accessToken)));
      bySub.set(sub, user);
      return user;
    },

    async byHandle(handle) {
      const key = handle.toLowerCase();
      if (isLookAlike(handle, key)) throw new Refusal('user_not_found');
      const known = byHandle.get(key);
      if (known) return known;
      const user = await findUserByHandle(db, handle);
      if (!user) throw new Refusal('user_not_found');
      byHandle.set(key, toShort(user));
      return toShort(user);
    },

    async byUuid(uuid) {
      const [user] = await findUsersByUuid(db, [uuid]);
      return user && toShort(user);
    },
  };

  async function signUp(sub: string, accessToken: string): Promise<UserShort> {
    const profile = await askCognito(accessToken);
    const handle = profile.handle ?? '';
    if (!HANDLE_PATTERN.test(handle)) throw new Refusal('handle_invalid');
    const displayName = Array.from(shownName(profile.displayName) || handle)
      .slice(0, DISPLAY_NAME_MAX_CODE_POINTS)
      .join('');
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

/** Whether a handle is in plain letters only once its case is gone: the Kelvin sign becomes a k, and is none. */
function isLookAlike(handle: string, lowerCase: string): boolean {
  return /[\u0080-\u{10ffff}]/u.test(handle) && !/[\u0080-\u{10ffff}]/u.test(lowerCase);
}

/** A display name without what would change how the text around it is shown: controls, and changes of direction. */
function shownName(displayName: string | null | undefined): string {
  const plain = (displayName ?? '').toWellFormed().replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
  return plain.trim();
}

/** The fields that others may see. */
export function toShort({ uuid, handle, displayName }: UserShort): UserShort {
  return { uuid, handle, displayName };
}
