import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Database } from './client.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { queryLogger } from './query-logger.ts';
import { findDatabaseError, SQLSTATE } from './sql-error.ts';
import { type ConnectOptions, withClient } from './with-client.ts';

const BUILTIN_LOCALES_SINCE = 170_000;

/**
 * Creates the database of a URL if the server lacks it. Concurrent calls all succeed.
 *
 * The new database uses UTF-8 and folds the case of every alphabet, whatever the server's defaults are.
 *
 * @returns whether this call created it
 */
export async function ensureDatabase(url: string, { onQuery, ...options }: ConnectOptions = {}): Promise<boolean> {
  const { name, maintenanceUrl } = parseDatabaseUrl(url);
  if (await databaseExists(url, options)) return false;
  return await withClient(
    maintenanceUrl,
    async (client) => {
      const db = drizzle(client, queryLogger(onQuery));
      try {
        await db.execute(createDatabaseStatement(name, await serverVersion(db)));
        return true;
      } catch (error) {
        // Another caller was faster. Which of the two codes PostgreSQL reports depends on how far each had come.
        const code = findDatabaseError(error)?.code;
        if (code === SQLSTATE.duplicateDatabase || code === SQLSTATE.uniqueViolation) return false;
        throw error;
      }
    },
    options,
  );
}

/** Checks by connecting: a role may have access to its own database, but not to `postgres`. */
async function databaseExists(url: string, options: ConnectOptions): Promise<boolean> {
  try {
    return await withClient(url, async () => true, options);
  } catch (error) {
    if (findDatabaseError(error)?.code === SQLSTATE.noSuchDatabase) return false;
    throw error;
  }
}

async function serverVersion(db: Database): Promise<number> {
  const { rows } = await db.execute<{ version: number }>(
    sql`select current_setting('server_version_num')::int as version`,
  );
  return rows[0]?.version ?? 0;
}

function createDatabaseStatement(name: string, version: number) {
  const locale = version >= BUILTIN_LOCALES_SINCE ? sql` locale_provider builtin builtin_locale 'C.UTF-8'` : sql``;
  // template0 is the only template that no one is connected to, and that allows another encoding.
  return sql`create database ${sql.identifier(name)} template template0 encoding 'UTF8'${locale}`;
}
