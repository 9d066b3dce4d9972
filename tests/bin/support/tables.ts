import { randomUUID } from 'node:crypto';
import { describeTable } from '@cruddur/ddb';
import type { createTestDynamoDb } from '../../support/dynamodb.ts';

/** A new, unique table name. */
export const newTableName = (): string => `bin-${randomUUID()}`;

/** Describes a table that must exist. */
export async function describeExisting(client: ReturnType<typeof createTestDynamoDb>, tableName: string) {
  const table = await describeTable(client, tableName);
  if (table === undefined) throw new Error(`There is no table ${tableName}`);
  return table;
}
