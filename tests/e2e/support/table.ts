import { DEFAULT_TABLE_NAME } from '@cruddur/config';
import { createDynamoDb } from '@cruddur/ddb';
import { sharedStack } from './shared-stack.ts';

type Table = { client: ReturnType<typeof createDynamoDb>; tableName: string };

/** Reads or writes the shared stack's table without its API. */
export async function withTable<T>(use: (table: Table) => Promise<T>): Promise<T> {
  const { env } = await sharedStack();
  const endpoint = `http://127.0.0.1:${env.DYNAMODB_PORT}`;
  const client = createDynamoDb({ region: 'ca-central-1', endpoint, embedded: true, requestTimeoutMs: 20_000 });
  try {
    return await use({ client, tableName: DEFAULT_TABLE_NAME });
  } finally {
    client.destroy();
  }
}
