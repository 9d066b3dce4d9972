import { foldAsciiCase } from '@cruddur/config';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { handleKey, isKnownToCognito, users } from './schema.ts';
import { type User, userColumns } from './user.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Finds the person of an access token.
 *
 * @param sub - the token's `sub`; the placeholder finds nobody
 */
export async function findUserByCognitoId(db: Database, sub: string): Promise<User | undefined> {
  if (!isStorable(sub)) return undefined;
  const [user] = await finders(db).byCognitoId.execute({ sub });
  return user;
}

/**
 * Finds a person by handle, ignoring the case of ASCII letters. PostgreSQL ignores the case of every letter, by which
 * `vİctim` would be `victim`: a row that is only alike is left out.
 */
export async function findUserByHandle(db: Database, handle: string): Promise<User | undefined> {
  if (!isStorable(handle)) return undefined;
  const [user] = await finders(db).byHandle.execute({ handle });
  return user && foldAsciiCase(user.handle) === foldAsciiCase(handle) ? user : undefined;
}

/** Finds people by uuid, in no particular order. Unknown uuids, and texts that are no uuid, are ignored. */
export function findUsersByUuid(db: Database, uuids: readonly string[]): Promise<User[]> {
  const wellFormed = uuids.filter((uuid) => UUID.test(uuid));
  return findAll(db, wellFormed, sql`${users.uuid} = any(${sql.param(wellFormed)}::uuid[])`);
}

/** Finds people by handle as {@link findUserByHandle} does, in the order of their handles. Unknown ones are ignored. */
export async function listUsersByHandle(db: Database, handles: readonly string[]): Promise<User[]> {
  const storable = handles.filter(isStorable);
  const keys = sql`array(select lower(handle) from unnest(${sql.param(storable)}::text[]) as asked(handle))`;
  const alike = await findAll(db, storable, sql`${handleKey(users.handle)} = any(${keys})`);
  const asked = new Set(storable.map(foldAsciiCase));
  return alike.filter(({ handle }) => asked.has(foldAsciiCase(handle)));
}

/** PostgreSQL stores no NUL in a text, so one with a NUL matches no row. */
export function isStorable(text: string): boolean {
  return !text.includes('\0');
}

async function findAll(db: Database, keys: readonly string[], condition: SQL): Promise<User[]> {
  if (keys.length === 0) return [];
  return await db.select(userColumns).from(users).where(condition).orderBy(handleKey(users.handle));
}

const preparedFinders = new WeakMap<Database, ReturnType<typeof prepareFinders>>();

/** Prepared once per database: Drizzle takes longer to build such a query than PostgreSQL to run it. */
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
