import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type MessageGroupRow, type MessagePreview, previewAttributes } from '../../members/message-group-row.ts';
import type { StoredUnread } from '../../members/stored-unread.ts';
import { meetsCondition } from '../../table/errors.ts';
import { isAsRead, setOrRemove } from '../../table/expressions.ts';
import type { Item } from '../../table/parse-items.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { addMicros, formatTime, type Micros } from '../../table/time.ts';
import type { RowCount } from './count.ts';

/**
 * Puts a group's row. If another group's row of the same owner is at the same microsecond, the row goes one later. Refused
 * if a row of the group is there that shows a higher version: another move has read the message later.
 *
 * @returns the row as it was put; `undefined` if it was refused
 */
export async function putRow(
  table: TableRef,
  row: Omit<MessageGroupRow, 'sk' | 'unread'>,
  at: Micros,
  count?: RowCount,
): Promise<MessageGroupRow | undefined> {
  for (let through = at; ; through = addMicros(through, 1)) {
    const item = { ...row, sk: formatTime(through), unread: count && { ...count, through } };
    const occupant = await putUnlessNewer(table, item);
    if (occupant === undefined) return item;
    if (occupant.message_group_uuid === row.message_group_uuid) return undefined;
  }
}

/** @returns the row that is there instead */
async function putUnlessNewer(table: TableRef, item: MessageGroupRow): Promise<Item | undefined> {
  const isOlder = 'attribute_not_exists(message_version) OR message_version <= :version';
  const put = new PutCommand({
    TableName: table.tableName,
    Item: item,
    ConditionExpression: `attribute_not_exists(pk) OR (message_group_uuid = :uuid AND (${isOlder}))`,
    ExpressionAttributeValues: { ':uuid': item.message_group_uuid, ':version': item.message_version ?? 0 },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await table.client.send(put);
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException) || !error.Item) throw error;
    return unmarshall(error.Item);
  }
}

/**
 * Replaces the count of a row, its preview, or both, unless these have changed or the row is gone since it was read.
 *
 * @returns whether they were replaced
 */
export function updateRow(
  table: TableRef,
  row: MessageGroupRow,
  { unread, preview }: { unread?: StoredUnread | undefined; preview?: MessagePreview | undefined },
): Promise<boolean> {
  const changes: Partial<MessageGroupRow> = { ...(unread && { unread }), ...(preview && previewAttributes(preview)) };
  // The origin's rows lack the sender: until one is moved, its owner has read it.
  if (row.message_user_uuid === undefined) delete changes.message_user_uuid;
  const next = setOrRemove(changes);
  const asRead = isAsRead(row, Object.keys(changes) as (keyof typeof changes)[]);
  const update = new UpdateCommand({
    TableName: table.tableName,
    Key: { pk: row.pk, sk: row.sk },
    ...next,
    ConditionExpression: `message_group_uuid = :uuid AND ${asRead.ConditionExpression}`,
    ExpressionAttributeValues: {
      ...next.ExpressionAttributeValues,
      ...asRead.ExpressionAttributeValues,
      ':uuid': row.message_group_uuid,
    },
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
