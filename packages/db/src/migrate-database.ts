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

/** Where drizzle-kit writes them; in a bundle, beside it. */
const [SOURCES = '', BUNDLED = ''] = ['../migrations', './migrations'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);
const MIGRATIONS_FOLDER = existsSync(BUNDLED) ? BUNDLED : SOURCES;

/** Of this repository's migrations among a server's advisory locks; any number would do, as long as it stays. */
const LOCK_KEY = 4_567_001;

/**
 * Brings a database to the newest schema. Calls at the same time wait for each other; a database that is up to date
 * stays untouched. The origin's own databases are taken over with their rows.
 *
 * @throws {MigrationError} where rows of an existing table are in the way; the message names them, nothing is changed
 */
export async function migrateDatabase(url: string, { onQuery, ...options }: ConnectOptions = {}): Promise<void> {
  await withClient(
    url,
    async (client) => {
      const db = drizzle(client, queryLogger(onQuery));
      // A lock that somebody never lets go ends the migration with an error instead of a wait without end.
      await db.execute(sql`set lock_timeout = '60s'`);
      await db.execute(sql`select pg_advisory_lock(${LOCK_KEY})`);
      await refuseForeignTable(db);
      try {
        await migrate(db, { migrationsFolder: MIGRATIONS_FOLDER });
      } catch (error) {
        throw await explainMigrationFailure(db, error);
      }
      // The lock goes with the connection.
    },
    options,
  );
}

/** A table of this name that lacks columns is not the origin's, and would be adopted as it is. */
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
