import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Client, Pool } from 'pg';
import { clientWith, type GetPassword } from './sign-in.ts';

/** A database, or a transaction in it. */
export type Database = NodePgDatabase<Record<string, never>>;

/** Called with every statement and its parameters before it is sent. */
export type OnQuery = (statement: string, parameters: readonly unknown[]) => void;

export interface DatabaseOptions {
  /** Replaces the password of the URL. Called for each new connection. */
  getPassword?: GetPassword | undefined;
  /** Maximum number of connections. */
  max?: number;
  /** How long to wait for a free or new connection. */
  connectionTimeoutMillis?: number;
  /** After this, PostgreSQL cancels a statement. */
  statementTimeoutMillis?: number;
  /** After this, the client gives up on a query, in case the server no longer answers. */
  queryTimeoutMillis?: number;
  /** Shown in `pg_stat_activity`. */
  applicationName?: string;
  /** Called when an idle connection breaks. The pool replaces it on demand. */
  onError?: (error: Error) => void;
  onQuery?: OnQuery;
}

export type DatabaseHandle = ReturnType<typeof createDatabase>;

/**
 * Creates a pool of connections; the first query connects.
 *
 * @param url - `postgresql://user:password@host:port/database`
 */
export function createDatabase(url: string, options: DatabaseOptions = {}) {
  const pool = new Pool({
    connectionString: url,
    Client: clientWith(options.getPassword),
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectionTimeoutMillis ?? 2000,
    idleTimeoutMillis: 30_000,
    statement_timeout: options.statementTimeoutMillis ?? 2000,
    query_timeout: options.queryTimeoutMillis ?? 2500,
    application_name: options.applicationName ?? 'cruddur',
    keepAlive: true,
  });
  // Without a listener, a broken idle connection would end the process.
  pool.on('error', (error) => options.onError?.(error));
  let closing: Promise<void> | undefined;
  return {
    db: drizzle(pool, logging(options.onQuery)),
    pool,
    /** Closes every connection once its query is done. Can be called again. */
    close: (): Promise<void> => {
      closing ??= pool.end();
      return closing;
    },
  };
}

/** Rejects if PostgreSQL does not answer. */
export async function pingDatabase(db: Database): Promise<void> {
  await db.execute(sql`select 1`);
}

/** How a set-up function connects. */
export type ConnectOptions = Pick<DatabaseOptions, 'connectionTimeoutMillis' | 'onQuery'>;

/** Runs a function on one separate connection, without a pool's time-outs. */
export async function withConnection<T>(
  url: string,
  { connectionTimeoutMillis = 5000, onQuery }: ConnectOptions,
  use: (db: Database, client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis,
    application_name: 'cruddur-setup',
    keepAlive: true,
  });
  // A connection that breaks between two queries fails the next one. Without a listener, it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(drizzle(client, logging(onQuery)), client);
  } finally {
    await client.end();
  }
}

function logging(onQuery: OnQuery | undefined) {
  return { logger: onQuery && { logQuery: onQuery } };
}
