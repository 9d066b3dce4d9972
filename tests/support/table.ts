import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createLocalDynamoDbClient } from '@cruddur/local';
import { inject } from 'vitest';
import './provided-context.ts';

/**
 * A client of the run's DynamoDB Local, and a unique table name. The table itself is created by
 * `ensureTable(client, tableName)` of `@cruddur/ddb`.
 */
export function testTable(): { client: DynamoDBClient; endpoint: string; tableName: string } {
  const endpoint = inject('dynamodbEndpoint');
  return { client: createLocalDynamoDbClient(endpoint), endpoint, tableName: `test-${randomUUID()}` };
}
