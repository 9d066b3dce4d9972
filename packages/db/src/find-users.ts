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

/** Finds a person by handle, whatever its case. */
export async function findUserByHandle(db: Database, handle: string): Promise<User | undefined> {
  if (!isStorable(handle)) return undefined;
  const [user] = await finders(db).byHandle.execute({ handle });
  return user;
}

/** Finds people by uuid, in no particular order. Uuids of nobody, and texts that are no uuid, find nobody. */
export function findUsersByUuid(db: Database, uuids: readonly string[]): Promise<User[]> {
  const wellFormed = uuids.filter((uuid) => UUID.test(uuid));
  return findAll(db, wellFormed, sql`${users.uuid} = any(${sql.param(wellFormed)}::uuid[])`);
}

/** Finds people by handle, whatever its case, in the order of their handles. Handles of nobody find nobody. */
export function listUsersByHandle(db: Database, handles: readonly string[]): Promise<User[]> {
  const storable = handles.filter(isStorable);
  const keys = sql`array(select lower(handle) from unnest(${sql.param(storable)}::text[]) as asked(handle))`;
  return findAll(db, storable, sql`${handleKey(users.handle)} = any(${keys})`);
}

/** PostgreSQL keeps no NUL in a text: what has one is nobody's. */
export function isStorable(text: string): boolean {
  return !text.includes('\0');
}

async function findAll(db: Database, keys: readonly string[], condition: SQL): Promise<User[]> {
  if (keys.length === 0) return [];
  return await db.select(userColumns).from(users).where(condition).orderBy(handleKey(users.handle));
}

const preparedFinders = new WeakMap<Database, ReturnType<typeof prepareFinders>>();

/** The finders of every request, made once a database: Drizzle takes longer to write such a query than PostgreSQL to run it. */
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
