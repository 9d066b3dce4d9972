import { randomUUID } from 'node:crypto';
import { type CapacityUse, createDynamoDb, type TableRef } from '@cruddur/ddb';
import { inject } from 'vitest';
import './provided-context.ts';

/** The region of everything that does not choose one, such as the operators' commands. */
export const DEFAULT_REGION = 'ca-central-1';

interface TestClientOptions {
  /** `DEFAULT_REGION` when left out. */
  region?: string;
  onCapacity?: (use: CapacityUse) => void;
}

/**
 * A region of the run's DynamoDB Local, which keeps each region in a separate database. Writes get slower with the
 * number of writes that the database has seen: 25 puts took 10 ms of processor time in an empty one, 150 after 9,000.
 */
export const newRegion = (): string => `test-${randomUUID()}`;

/**
 * A client of the run's DynamoDB Local, with a longer time-out than a server's: on a busy machine the engine that all
 * test files share may take seconds for fifty transactions at once.
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
