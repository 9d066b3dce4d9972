import { DeleteTableCommand, waitUntilTableNotExists } from '@aws-sdk/client-dynamodb';
import type { TableRef } from '../table/table-ref.ts';

/**
 * Drops a table with every item in it, and waits until it is gone.
 *
 * @throws {ResourceNotFoundException} there is no such table
 * @throws {ValidationException} deletion protection is on
 */
export async function dropTable({ client, tableName }: TableRef): Promise<void> {
  await client.send(new DeleteTableCommand({ TableName: tableName }));
  await waitUntilTableNotExists({ client, maxWaitTime: 120, minDelay: 1, maxDelay: 2 }, { TableName: tableName });
}
