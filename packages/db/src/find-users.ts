import { foldAsciiCase } from '@cruddur/config';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { handleKey, isKnownToCognito, users } from './schema.ts';

/** The public fields of a user. */
export interface UserShort {
  uuid: string;
  handle: string;
  displayName: string;
}

/** A user with their Cognito id. */
export interface User extends UserShort {
  /** The `sub` of their tokens, or the placeholder `MOCK`. */
  cognitoUserId: string;
}

export const userShortColumns = { uuid: users.uuid, handle: users.handle, displayName: users.displayName };

export const userColumns = { ...userShortColumns, cognitoUserId: users.cognitoUserId };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Finds a user by the `sub` of an access token. The placeholder matches no one. */
export async function findUserByCognitoId(db: Database, sub: string): Promise<User | undefined> {
  if (!isStorable(sub)) return undefined;
  const [user] = await finders(db).byCognitoId.execute({ sub });
  return user;
}

/**
 * Finds a user by handle, ignoring the case of ASCII letters. PostgreSQL ignores the case of every letter, so `vİctim`
 * would find `victim`: such a row is not returned.
 */
export async function findUserByHandle(db: Database, handle: string): Promise<User | undefined> {
  if (!isStorable(handle)) return undefined;
  const [user] = await finders(db).byHandle.execute({ handle });
  return user && foldAsciiCase(user.handle) === foldAsciiCase(handle) ? user : undefined;
}

/** Finds users by uuid, sorted by handle. Ignores unknown and invalid uuids. */
export function findUsersByUuid(db: Database, uuids: readonly string[]): Promise<User[]> {
  const wellFormed = uuids.filter((uuid) => UUID.test(uuid));
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

async function findAll(db: Database, keys: readonly string[], condition: SQL): Promise<User[]> {
  if (keys.length === 0) return [];
  return await db.select(userColumns).from(users).where(condition).orderBy(handleKey(users.handle));
}

const preparedFinders = new WeakMap<Database, ReturnType<typeof prepareFinders>>();

/** Prepared once per database: Drizzle takes longer to build these queries than PostgreSQL to run them. */
function finders(db: Database): ReturnType<typeof prepareFinders> {
  const prepared = preparedFinders.get(db) ?? prepareFinders(db);
  preparedFinders.set(db, prepared);
  return prepared;
}

function prepareFinders(db: Database) {
  const select = () => db.select(userColumns).from(users);
  const bySub = and(eq(users.cognitoUserId, sql.placeholder('sub')), isKnownToCognito(users.cognitoUserId));
  const byKey = sql`${handleKey(users.handle)} = lower(${sql.placeholder('handle')})`;
  return {
    byCognitoId: select().where(bySub).limit(1).prepare('find_user_by_cognito_id'),
    byHandle: select().where(byKey).limit(1).prepare('find_user_by_handle'),
  };
}
