import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { parseDatabaseUrl } from './database-url.ts';
import { type OnQuery, queryLogger } from './query-logger.ts';
import { findDatabaseError, SQLSTATE } from './sql-error.ts';
import { withClient } from './with-client.ts';

/**
 * Drops the database of a URL with everything in it, and ends the connections that are open to it.
 *
 * @returns whether there was one
 */
export async function dropDatabase(url: string, { onQuery }: { onQuery?: OnQuery } = {}): Promise<boolean> {
  const { name, maintenanceUrl } = parseDatabaseUrl(url);
  return await withClient(maintenanceUrl, async (client) => {
    try {
      await drizzle(client, queryLogger(onQuery)).execute(sql`drop database ${sql.identifier(name)} with (force)`);
      return true;
    } catch (error) {
      if (findDatabaseError(error)?.code === SQLSTATE.noSuchDatabase) return false;
      throw error;
    }
  });
}
