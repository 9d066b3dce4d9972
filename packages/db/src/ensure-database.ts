import { sql } from 'drizzle-orm';
import { type ConnectOptions, type Database, withConnection } from './client.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { findDatabaseError, SQLSTATE } from './errors.ts';

const BUILTIN_LOCALES_SINCE = 170_000;

/**
 * Creates the database of a URL if it does not exist. Concurrent calls all succeed. The database uses UTF-8 and folds the
 * case of every alphabet, regardless of the server's defaults.
 *
 * @returns whether this call created it
 */
export async function ensureDatabase(url: string, options: ConnectOptions = {}): Promise<boolean> {
  const { name, maintenanceUrl } = parseDatabaseUrl(url);
  if (await databaseExists(url, options)) return false;
  return await withConnection(maintenanceUrl, options, async (db) => {
    try {
      await createDatabaseByName(db, name);
      return true;
    } catch (error) {
      // A concurrent call created it first. Which of the two codes PostgreSQL reports depends on timing.
      const code = findDatabaseError(error)?.code;
      if (code === SQLSTATE.duplicateDatabase || code === SQLSTATE.uniqueViolation) return false;
      throw error;
    }
  });
}

/** Checks by connecting, because a role may have access to its own database but not to `postgres`. */
async function databaseExists(url: string, { connectionTimeoutMillis }: ConnectOptions): Promise<boolean> {
  try {
    return await withConnection(url, { connectionTimeoutMillis }, async () => true);
  } catch (error) {
    if (findDatabaseError(error)?.code === SQLSTATE.noSuchDatabase) return false;
    throw error;
  }
}

async function createDatabaseByName(db: Database, name: string): Promise<void> {
  const { rows } = await db.execute<{ version: number }>(
    sql`select current_setting('server_version_num')::int as version`,
  );
  const hasBuiltinLocales = Number(rows[0]?.version) >= BUILTIN_LOCALES_SINCE;
  const locale = hasBuiltinLocales ? sql` locale_provider builtin builtin_locale 'C.UTF-8'` : sql``;
  // Only template0 allows another encoding, and never has connections.
  await db.execute(sql`create database ${sql.identifier(name)} template template0 encoding 'UTF8'${locale}`);
}

/**
 * Drops the database of a URL and closes open connections to it.
 *
 * @returns whether it existed
 */
export async function dropDatabase(url: string, options: ConnectOptions = {}): Promise<boolean> {
  const { name, maintenanceUrl } = parseDatabaseUrl(url);
  return await withConnection(maintenanceUrl, options, async (db) => {
    try {
      await db.execute(sql`drop database ${sql.identifier(name)} with (force)`);
      return true;
    } catch (error) {
      if (findDatabaseError(error)?.code === SQLSTATE.noSuchDatabase) return false;
      throw error;
    }
  });
}
