import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { type ConnectOptions, type Database, withConnection } from './client.ts';
import { findDatabaseError, SQLSTATE } from './errors.ts';
import { COGNITO_USER_ID_INDEX, HANDLE_INDEX, handleKey, isKnownToCognito, users } from './schema.ts';

/** drizzle-kit writes migrations to the first folder; bundles have them in the second. */
const [SOURCES = '', BUNDLED = ''] = ['../migrations', './migrations'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);
const MIGRATIONS_FOLDER = existsSync(BUNDLED) ? BUNDLED : SOURCES;

/** Any number works, but it must never change. */
const LOCK_KEY = 4_567_001;

const LISTED_ROWS_MAX = 20;

export class MigrationError extends Error {
  override name = 'MigrationError';
}

/**
 * Migrates a database to the newest schema. Concurrent calls wait for each other. A database of the origin keeps its rows.
 *
 * @throws {MigrationError} if existing rows prevent it; the message lists them, and nothing is changed
 */
export async function migrateDatabase(url: string, options: ConnectOptions = {}): Promise<void> {
  await withConnection(url, options, async (db) => {
    // If a lock is never released, the migration fails instead of waiting forever.
    await db.execute(sql`set lock_timeout = '60s'`);
    // Released when the connection closes.
    await db.execute(sql`select pg_advisory_lock(${LOCK_KEY})`);
    await refuseForeignTable(db);
    try {
      await migrate(db, { migrationsFolder: MIGRATIONS_FOLDER });
    } catch (error) {
      throw await explainFailure(db, error);
    }
  });
}

/** Refuses a table that lacks columns: it is not the origin's. */
async function refuseForeignTable(db: Database): Promise<void> {
  const { rows } = await db.execute<{ name: string }>(
    sql`select column_name as name from information_schema.columns where table_schema = 'public' and table_name = 'users'`,
  );
  if (rows.length === 0) return;
  const present = new Set(rows.map(({ name }) => name));
  const missing = Object.values(getTableColumns(users)).filter(({ name }) => !present.has(name));
  if (missing.length === 0) return;
  throw new MigrationError(
    `The database already has a table public.users, but without ${missing.map(({ name }) => name).join(', ')}.`,
  );
}

async function explainFailure(db: Database, cause: unknown): Promise<unknown> {
  const violation = findDatabaseError(cause);
  if (violation?.code !== SQLSTATE.uniqueViolation) return cause;
  if (violation.constraint === HANDLE_INDEX) {
    const rows = await listDuplicates(db, handleKey(users.handle), sql`true`);
    return new MigrationError(
      `Handles must be unique regardless of case, but public.users has ${rows}: rename all but one of each.`,
      { cause },
    );
  }
  if (violation.constraint === COGNITO_USER_ID_INDEX) {
    const rows = await listDuplicates(db, users.cognitoUserId, isKnownToCognito(users.cognitoUserId));
    return new MigrationError(
      `Cognito ids must be unique, but public.users has the same one in ${rows}: keep it in one of each.`,
      { cause },
    );
  }
  return cause;
}

async function listDuplicates(db: Database, key: SQL | typeof users.cognitoUserId, condition: SQL): Promise<string> {
  const duplicates = sql`select ${key} as key from ${users} where ${condition} group by 1 having count(*) > 1`;
  const rows = await db
    .select({ handle: users.handle, uuid: users.uuid, total: sql<number>`count(*) over ()::int` })
    .from(users)
    .where(sql`${key} in (${duplicates})`)
    .orderBy(key, users.createdAt, sql`${users.handle} collate "C"`, users.uuid)
    .limit(LISTED_ROWS_MAX);
  const more = (rows[0]?.total ?? 0) - rows.length;
  const listed = rows.map(({ handle, uuid }) => `"${handle}" (uuid ${uuid})`).join(', ');
  return more > 0 ? `${listed} and ${more} more` : listed;
}
