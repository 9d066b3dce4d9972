import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { type OnQuery, queryLogger } from './query-logger.ts';

/** What the functions of this package run on: a database or a transaction of it. */
export type Database = NodePgDatabase<Record<string, never>>;

/** Limits of a pool; what is left out has the value given here. Times are in milliseconds. */
export interface DatabaseOptions {
  /** Most connections at once: 10. */
  max?: number;
  /** Longest wait for a connection, free or new: 2,000. */
  connectionTimeoutMillis?: number;
  /** A connection idle this long is closed: 30,000. */
  idleTimeoutMillis?: number;
  /** PostgreSQL gives a statement up after this: 2,000. */
  statementTimeoutMillis?: number;
  /** The client gives a query up after this, for a server that no longer answers: 2,500. */
  queryTimeoutMillis?: number;
  /** Shown in `pg_stat_activity`: `cruddur`. */
  applicationName?: string;
  /** Told when an idle connection breaks. The pool has dropped it already and opens another when it is needed. */
  onError?: (error: Error) => void;
  /** Told of every statement and its parameters before it is sent. */
  onQuery?: OnQuery | undefined;
}

/** An open database. */
export interface DatabaseHandle {
  db: Database;
  pool: Pool;
  /** Ends every connection once its query is done. May be called again. */
  close: () => Promise<void>;
}

/**
 * Makes a pool of connections; the first query connects.
 *
 * @param url - `postgresql://user:password@host:port/database`
 */
export function createDatabase(url: string, options: DatabaseOptions = {}): DatabaseHandle {
  const pool = new Pool({
    connectionString: url,
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectionTimeoutMillis ?? 2000,
    idleTimeoutMillis: options.idleTimeoutMillis ?? 30_000,
    statement_timeout: options.statementTimeoutMillis ?? 2000,
    query_timeout: options.queryTimeoutMillis ?? 2500,
    application_name: options.applicationName ?? 'cruddur',
    keepAlive: true,
  });
  // Without a listener, the end of an idle connection would end the process.
  pool.on('error', (error) => options.onError?.(error));
  let closing: Promise<void> | undefined;
  return {
    db: drizzle(pool, queryLogger(options.onQuery)),
    pool,
    close: () => {
      closing ??= pool.end();
      return closing;
    },
  };
}

/** Asks PostgreSQL for an answer; rejects where there is none. */
export async function pingDatabase(db: Database): Promise<void> {
  await db.execute(sql`select 1`);
}
