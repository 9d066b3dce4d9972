import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { getReadMarker, type ReadMarkerAddress } from '../members/read-marker.ts';
import { meetsCondition } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import type { TableRef } from '../table/table-ref.ts';

/** The time of the message that a person's devices show a notification of, as in sort keys; `undefined` if they show none of the group. */
export async function findNotified(table: TableRef, address: ReadMarkerAddress): Promise<string | undefined> {
  return (await getReadMarker(table, address))?.notified_through;
}

/** Records that a person's devices have closed a group's notification, unless they show that of a later message by now. */
export async function forgetNotified(
  table: TableRef,
  { userUuid, messageGroupUuid, through }: ReadMarkerAddress & { through: string },
): Promise<void> {
  const update = new UpdateCommand({
    TableName: table.tableName,
    Key: { ...keys.readMarker(userUuid, messageGroupUuid) },
    UpdateExpression: 'REMOVE notified_through',
    ConditionExpression: 'notified_through = :through',
    ExpressionAttributeValues: { ':through': through },
  });
  await meetsCondition(table.client.send(update, { abortSignal: table.signal }));
}
