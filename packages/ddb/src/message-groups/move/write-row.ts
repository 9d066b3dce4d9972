import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageGroupRow } from '../../members/message-group-row.ts';
import type { StoredUnread } from '../../members/stored-unread.ts';
import { meetsCondition } from '../../table/errors.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { addMicros, formatTime, type Micros } from '../../table/time.ts';
import type { RowCount } from './count.ts';

/**
 * Puts a group's row. If another group's row of the same owner is at the same microsecond, the row goes one later.
 *
 * @returns the row as it was put
 */
export async function putRow(
  table: TableRef,
  row: Omit<MessageGroupRow, 'sk' | 'unread'>,
  at: Micros,
  count?: RowCount,
): Promise<MessageGroupRow> {
  for (let through = at; ; through = addMicros(through, 1)) {
    const item = { ...row, sk: formatTime(through), unread: count && { ...count, through } };
    const put = new PutCommand({
      TableName: table.tableName,
      Item: item,
      ConditionExpression: 'attribute_not_exists(pk) OR message_group_uuid = :uuid',
      ExpressionAttributeValues: { ':uuid': row.message_group_uuid },
    });
    if (await meetsCondition(table.client.send(put))) return item;
  }
}

/**
 * Replaces the unread count of a row, unless it was counted again or is gone since it was read.
 *
 * @returns whether it was replaced
 */
export function recountRow(table: TableRef, row: MessageGroupRow, unread: StoredUnread): Promise<boolean> {
  const update = new UpdateCommand({
    TableName: table.tableName,
    Key: { pk: row.pk, sk: row.sk },
    UpdateExpression: 'SET unread = :unread',
    ConditionExpression: `message_group_uuid = :uuid AND ${row.unread === undefined ? 'attribute_not_exists(unread)' : 'unread = :was'}`,
    ExpressionAttributeValues: { ':uuid': row.message_group_uuid, ':unread': unread, ':was': row.unread },
  });
  return meetsCondition(table.client.send(update));
}

/**
 * Deletes a group's row, unless another group's row is at its key now.
 *
 * @returns whether it was as it had been read: `gone` if there is none, `recounted` if its unread count is another
 */
export async function deleteRow(table: TableRef, row: MessageGroupRow): Promise<'same' | 'recounted' | 'gone'> {
  const remove = new DeleteCommand({
    TableName: table.tableName,
    Key: { pk: row.pk, sk: row.sk },
    ConditionExpression: 'message_group_uuid = :uuid',
    ExpressionAttributeValues: { ':uuid': row.message_group_uuid },
    ReturnValues: 'ALL_OLD',
  });
  try {
    const { Attributes } = await table.client.send(remove);
    return isDeepStrictEqual(Attributes?.unread, row.unread) ? 'same' : 'recounted';
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return 'gone';
  }
}
