import { type CapacityUse, createDynamoDb } from '@cruddur/ddb';
import { inject } from 'vitest';
import './provided-context.ts';

/**
 * A client of the run's DynamoDB Local, more patient than a server's: on a busy machine the one engine of all test
 * files may take seconds for fifty transactions at once.
 */
export function createTestDynamoDb(onCapacity?: (use: CapacityUse) => void) {
  return createDynamoDb({
    region: 'ca-central-1',
    endpoint: inject('dynamodbEndpoint'),
    embedded: true,
    requestTimeoutMs: 20_000,
    ...(onCapacity === undefined ? {} : { onCapacity }),
  });
}
