import { randomUUID } from 'node:crypto';
import { createDynamoDb, describeTable } from '@cruddur/ddb';
import { inject } from 'vitest';
import '../../support/provided-context.ts';

/** A client of the run's DynamoDB Local. */
export function testDynamoDb() {
  return createDynamoDb({ region: 'ca-central-1', endpoint: inject('dynamodbEndpoint'), embedded: true });
}

/** A table name that nobody else uses. */
export const newTableName = (): string => `bin-${randomUUID()}`;

/** Describes a table that must be there. */
export async function describeExisting(client: ReturnType<typeof testDynamoDb>, tableName: string) {
  const table = await describeTable(client, tableName);
  if (table === undefined) throw new Error(`There is no table ${tableName}`);
  return table;
}
