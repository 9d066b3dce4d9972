import { Client } from 'pg';
import type { OnQuery } from './query-logger.ts';

/** How a set-up call connects. */
export interface ConnectOptions {
  /** Longest wait for a connection, in milliseconds; 5,000 by default. */
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
  // If the connection ends between two queries, the next one fails. Without a listener, the process would end.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end();
  }
}
