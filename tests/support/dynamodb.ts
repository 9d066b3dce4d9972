import { randomUUID } from 'node:crypto';
import { type CapacityUse, createDynamoDb, type TableRef } from '@cruddur/ddb';
import { inject } from 'vitest';
import './provided-context.ts';

interface TestClientOptions {
  /** The default region of all services when left out. */
  region?: string;
  onCapacity?: (use: CapacityUse) => void;
}

/**
 * A region of the run's DynamoDB Local, which keeps each region in a separate database. A write costs it more the more
 * writes the database has seen: measured, 25 puts took 10 ms of processor time in an empty one and 150 ms after 9,000.
 */
export const newRegion = (): string => `test-${randomUUID()}`;

/**
 * A client of the run's DynamoDB Local, more patient than a server's: on a busy machine the one engine of all test
 * files may take seconds for fifty transactions at once.
 */
export function createTestDynamoDb({ region = 'ca-central-1', onCapacity }: TestClientOptions = {}) {
  return createDynamoDb({
    region,
    endpoint: inject('dynamodbEndpoint'),
    embedded: true,
    requestTimeoutMs: 20_000,
    ...(onCapacity === undefined ? {} : { onCapacity }),
  });
}

/** Another client of the same table. */
export async function reconnect<Table extends TableRef>(table: Table): Promise<Table> {
  return { ...table, client: createTestDynamoDb({ region: await table.client.config.region() }) };
}
