import { Client } from 'pg';
import type { OnQuery } from './query-logger.ts';

/** How a set-up call connects. */
export interface ConnectOptions {
  /** Longest wait for a connection, in milliseconds: 5,000. */
  connectionTimeoutMillis?: number;
  /** Called with every statement and its parameters before it is sent. */
  onQuery?: OnQuery;
}

/** Runs something on one separate connection, without a pool's time-outs. */
export async function withClient<T>(
  url: string,
  use: (client: Client) => Promise<T>,
  { connectionTimeoutMillis = 5000 }: Pick<ConnectOptions, 'connectionTimeoutMillis'> = {},
): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis,
    application_name: 'cruddur-setup',
    keepAlive: true,
  });
  // A connection that ends between two queries shows in the next one; unheard, it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end();
  }
}
