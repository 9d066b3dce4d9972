import { randomUUID } from 'node:crypto';
import { type CapacityUse, createDynamoDb, type TableRef } from '@cruddur/ddb';
import { inject } from 'vitest';
import './provided-context.ts';

/** The default region, also of the operators' commands. */
export const DEFAULT_REGION = 'ca-central-1';

interface TestClientOptions {
  region?: string;
  onCapacity?: (use: CapacityUse) => void;
}

/**
 * A region of the shared DynamoDB Local, which keeps each region in a separate database. Writes get slower with the number
 * of earlier writes: 25 puts took 10 ms of processor time in an empty database, 150 after 9,000.
 */
export const newRegion = (): string => `test-${randomUUID()}`;

/**
 * A client of the shared DynamoDB Local. Its time-out is longer than a server's: on a busy machine, fifty concurrent
 * transactions may take seconds.
 */
export function createTestDynamoDb({ region = DEFAULT_REGION, onCapacity }: TestClientOptions = {}) {
  return createDynamoDb({
    region,
    endpoint: inject('dynamodbEndpoint'),
    embedded: true,
    requestTimeoutMs: 20_000,
    onCapacity,
  });
}

/** Another client of the same table. */
export async function reconnect<Table extends TableRef>(table: Table): Promise<Table> {
  return { ...table, client: createTestDynamoDb({ region: await table.client.config.region() }) };
}
