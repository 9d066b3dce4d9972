import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { MessageStoreError } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import { parseItem } from '../table/parse-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { type Device, deviceSchema, toDevice } from './device.ts';

/**
 * Changes what a device's notifications show.
 *
 * @throws {MessageStoreError} `device_not_found`
 */
export async function updateDevice(
  table: TableRef,
  { userUuid, deviceUuid, hidesText }: { userUuid: string; deviceUuid: string; hidesText: boolean },
): Promise<Device> {
  const update = new UpdateCommand({
    TableName: table.tableName,
    Key: { ...keys.device(userUuid, deviceUuid) },
    UpdateExpression: 'SET hides_text = :hides',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':hides': hidesText },
    ReturnValues: 'ALL_NEW',
  });
  try {
    const { Attributes } = await table.client.send(update, { abortSignal: table.signal });
    const item = parseItem(table, deviceSchema, Attributes);
    if (item) return toDevice(item);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  throw new MessageStoreError('device_not_found');
}
