import { randomUUID } from 'node:crypto';
import { type CapacityUse, createDynamoDb, type TableRef } from '@cruddur/ddb';
import { inject } from 'vitest';
import './provided-context.ts';

/** The region of services that are told of no other, such as the operators' commands. */
export const DEFAULT_REGION = 'ca-central-1';

interface TestClientOptions {
  /** `DEFAULT_REGION` when left out. */
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
export function createTestDynamoDb({ region = DEFAULT_REGION, onCapacity }: TestClientOptions = {}) {
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
