import { DeleteCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from '../table/keys.ts';
import { retryOnConflict } from '../table/retry.ts';
import type { TableRef } from '../table/table-ref.ts';
import { readTransactionFailure } from '../table/transaction.ts';

/** The parts of a transaction that remove a person's device, if it still is theirs. */
export function deletesOfDevice({ tableName: TableName }: TableRef, userUuid: string, deviceUuid: string) {
  return [
    { Delete: { TableName, Key: { ...keys.device(userUuid, deviceUuid) } } },
    {
      Delete: {
        TableName,
        Key: { ...keys.endpoint(deviceUuid) },
        ConditionExpression: 'attribute_not_exists(pk) OR user_uuid = :user',
        ExpressionAttributeValues: { ':user': userUuid },
      },
    },
  ];
}

/** Removes a device of a person: it receives no pushes any more. Idempotent; does nothing to another person's device. */
export async function removeDevice(table: TableRef, userUuid: string, deviceUuid: string): Promise<void> {
  const TransactItems = deletesOfDevice(table, userUuid, deviceUuid);
  await retryOnConflict(async () => {
    try {
      await table.client.send(new TransactWriteCommand({ TransactItems }), { abortSignal: table.signal });
    } catch (error) {
      // The endpoint is another person's by now. What may be left of the device goes.
      readTransactionFailure(error);
      const remove = new DeleteCommand({ TableName: table.tableName, Key: { ...keys.device(userUuid, deviceUuid) } });
      await table.client.send(remove, { abortSignal: table.signal });
    }
  }, table);
}
