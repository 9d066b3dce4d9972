import { Client } from 'pg';

/** Runs something on one connection of its own, without a pool's time-outs. */
export async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 5000,
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
