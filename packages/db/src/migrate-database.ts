import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getTableColumns, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { Database } from './client.ts';
import { explainMigrationFailure, MigrationError } from './migration-error.ts';
import { queryLogger } from './query-logger.ts';
import { users } from './schema.ts';
import { type ConnectOptions, withClient } from './with-client.ts';

/** The migrations: where drizzle-kit writes them, or next to the bundle. */
const [SOURCES = '', BUNDLED = ''] = ['../migrations', './migrations'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);
const MIGRATIONS_FOLDER = existsSync(BUNDLED) ? BUNDLED : SOURCES;

/** The advisory lock of this repository's migrations. Any number works, as long as it never changes. */
const LOCK_KEY = 4_567_001;

/**
 * Migrates a database to the newest schema. Concurrent calls wait for each other; a database that is up to date is not
 * changed. The origin's databases are adopted with their rows.
 *
 * @throws {MigrationError} if rows of an existing table are in the way; the message names them, nothing is changed
 */
export async function migrateDatabase(url: string, { onQuery, ...options }: ConnectOptions = {}): Promise<void> {
  await withClient(
    url,
    async (client) => {
      const db = drizzle(client, queryLogger(onQuery));
      // If a lock is never released, the migration fails instead of waiting for ever.
      await db.execute(sql`set lock_timeout = '60s'`);
      await db.execute(sql`select pg_advisory_lock(${LOCK_KEY})`);
      await refuseForeignTable(db);
      try {
        await migrate(db, { migrationsFolder: MIGRATIONS_FOLDER });
      } catch (error) {
        throw await explainMigrationFailure(db, error);
      }
      // The end of the connection releases the lock.
    },
    options,
  );
}

/** Refuses a table that lacks columns: it is not the origin's, and would be adopted as it is. */
async function refuseForeignTable(db: Database): Promise<void> {
  const { rows } = await db.execute<{ name: string }>(
    sql`select column_name as name from information_schema.columns where table_schema = 'public' and table_name = 'users'`,
  );
  if (rows.length === 0) return;
  const present = new Set(rows.map(({ name }) => name));
  const missing = Object.values(getTableColumns(users)).filter(({ name }) => !present.has(name));
  if (missing.length === 0) return;
  throw new MigrationError(
    `The database has a table public.users already, but without ${missing.map(({ name }) => name).join(', ')}.`,
  );
}
