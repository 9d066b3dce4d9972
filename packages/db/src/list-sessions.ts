import { sql } from 'drizzle-orm';
import { type ConnectOptions, withConnection } from './client.ts';
import { parseDatabaseUrl } from './database-url.ts';

export interface DatabaseSession {
  pid: number;
  user: string | null;
  database: string;
  /** Null for a connection through a local socket. */
  clientAddress: string | null;
  application: string;
  /** `active`, `idle`, `idle in transaction` and so on. Null if the caller may not see it. */
  state: string | null;
  /** When it was opened, ISO 8601 in UTC. */
  since: string;
}

/** Lists the client connections to the server of a URL, except its own. The database need not exist. */
export async function listSessions(url: string, options: ConnectOptions = {}): Promise<DatabaseSession[]> {
  return await withConnection(parseDatabaseUrl(url).maintenanceUrl, options, async (db) => {
    const { rows } = await db.execute<{ [K in keyof DatabaseSession]: DatabaseSession[K] }>(sql`
      select pid, usename as user, datname as database, host(client_addr) as "clientAddress",
        application_name as application, state,
        to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
      from pg_stat_activity
      where backend_type = 'client backend' and datname is not null and pid <> pg_backend_pid()
      order by datname, backend_start, pid`);
    return rows;
  });
}

/**
 * Ends a client's connection; what it had not committed is undone. Needs the right to signal its user.
 *
 * @returns false if there is no such connection
 */
export async function endSession(url: string, pid: number, options: ConnectOptions = {}): Promise<boolean> {
  return await withConnection(parseDatabaseUrl(url).maintenanceUrl, options, async (db) => {
    const { rows } = await db.execute<{ ended: boolean }>(sql`
      select pg_terminate_backend(pid) as ended
      from pg_stat_activity
      where backend_type = 'client backend' and pid = ${pid} and pid <> pg_backend_pid()`);
    return rows[0]?.ended ?? false;
  });
}
