import { foldAsciiCase, isUuid } from '@cruddur/config';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { handleKey, isKnownToCognito, users } from './schema.ts';

export interface UserShort {
  uuid: string;
  handle: string;
  displayName: string;
}

export interface User extends UserShort {
  /** The `sub` of their tokens, or the placeholder `MOCK`. */
  cognitoUserId: string;
}

export const userShortColumns = { uuid: users.uuid, handle: users.handle, displayName: users.displayName };

export const userColumns = { ...userShortColumns, cognitoUserId: users.cognitoUserId };

/** Finds a user by the `sub` of an access token. The placeholder matches no one. */
export async function findUserByCognitoId(db: Database, sub: string): Promise<User | undefined> {
  if (!isStorable(sub)) return undefined;
  const bySub = and(eq(users.cognitoUserId, sub), isKnownToCognito(users.cognitoUserId));
  return await findOne(db, bySub, 'find_user_by_cognito_id');
}

/**
 * Finds a user by handle, ignoring the case of ASCII letters. PostgreSQL ignores the case of every letter, so `vİctim`
 * would find `victim`: such a row is not returned.
 */
export async function findUserByHandle(db: Database, handle: string): Promise<User | undefined> {
  if (!isStorable(handle)) return undefined;
  const user = await findOne(db, sql`${handleKey(users.handle)} = lower(${handle})`, 'find_user_by_handle');
  return user && foldAsciiCase(user.handle) === foldAsciiCase(handle) ? user : undefined;
}

/** Finds users by uuid, sorted by handle. Ignores unknown and invalid uuids. */
export function findUsersByUuid(db: Database, uuids: readonly string[]): Promise<User[]> {
  const wellFormed = uuids.filter((uuid) => isUuid(uuid.toLowerCase()));
  return findAll(db, wellFormed, sql`${users.uuid} = any(${sql.param(wellFormed)}::uuid[])`);
}

/** Finds users by handle as {@link findUserByHandle} does, sorted by handle. Ignores unknown handles. */
export async function listUsersByHandle(db: Database, handles: readonly string[]): Promise<User[]> {
  const storable = handles.filter(isStorable);
  const keys = sql`array(select lower(handle) from unnest(${sql.param(storable)}::text[]) as requested(handle))`;
  const similar = await findAll(db, storable, sql`${handleKey(users.handle)} = any(${keys})`);
  const requested = new Set(storable.map(foldAsciiCase));
  return similar.filter(({ handle }) => requested.has(foldAsciiCase(handle)));
}

/** PostgreSQL cannot store NUL, so a text with a NUL matches no row. */
export function isStorable(text: string): boolean {
  return !text.includes('\0');
}

/** @param name - of the prepared statement */
async function findOne(db: Database, condition: SQL | undefined, name: string): Promise<User | undefined> {
  const [user] = await db.select(userColumns).from(users).where(condition).limit(1).prepare(name).execute();
  return user;
}

async function findAll(db: Database, keys: readonly string[], condition: SQL): Promise<User[]> {
  if (keys.length === 0) return [];
  return await db.select(userColumns).from(users).where(condition).orderBy(handleKey(users.handle));
}
