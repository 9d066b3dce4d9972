import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageGroupRow } from '../members/message-group-row.ts';
import type { MessageItem } from '../messages/message.ts';
import { batchGet } from '../table/batch-get.ts';
import { type Key, keys } from '../table/keys.ts';
import { allItems, firstItem } from '../table/query-items.ts';
import { type CallOptions, httpOptions, type TableRef } from '../table/table-ref.ts';
import { formatTime, type Micros } from '../table/time.ts';

// What pattern E reads and writes. A row stands at the time of a message, and messages can be read strongly consistent:
// the thread itself tells where a row is, without trusting an index that may lag.

/** The newest message of a group; strongly consistent. */
export function findNewestMessage(
  table: TableRef,
  messageGroupUuid: string,
  options?: CallOptions,
): Promise<MessageItem | undefined> {
  return firstItem<MessageItem>(
    table,
    {
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': keys.messages(messageGroupUuid) },
      ScanIndexForward: false,
      Limit: 1,
    },
    options,
  );
}

/** The sort key of the message that stands next to a sort key in a group's thread; strongly consistent. */
export async function findNextSortKey(
  table: TableRef,
  messageGroupUuid: string,
  next: { before: string } | { after: string },
  options?: CallOptions,
): Promise<string | undefined> {
  const [operator, sk] = 'before' in next ? ['<', next.before] : ['>', next.after];
  const found = await firstItem<Key>(
    table,
    {
      ConsistentRead: true,
      KeyConditionExpression: `pk = :pk AND sk ${operator} :sk`,
      ExpressionAttributeValues: { ':pk': keys.messages(messageGroupUuid), ':sk': sk },
      ProjectionExpression: 'sk',
      ScanIndexForward: operator === '>',
      Limit: 1,
    },
    options,
  );
  return found?.sk;
}

/** The rows of a group among the given keys, strongly consistent. */
export async function getRows(
  table: TableRef,
  messageGroupUuid: string,
  wanted: readonly Key[],
  options?: CallOptions,
): Promise<MessageGroupRow[]> {
  const distinct = new Map(wanted.map((key) => [`${key.pk} ${key.sk}`, key]));
  const rows = await batchGet<MessageGroupRow>(table, [...distinct.values()], options);
  return rows.filter((row) => row.message_group_uuid === messageGroupUuid);
}

/**
 * The rows of a group in its owner's list, strongly consistent: all of them, or those from a sort key on. It reads every
 * row of the owner in that span, so a wide one is for the rare case in which the thread does not tell.
 */
export function queryRows(
  table: TableRef,
  input: { ownerUuid: string; messageGroupUuid: string; from?: string | undefined },
  options?: CallOptions,
): Promise<MessageGroupRow[]> {
  const { ownerUuid, messageGroupUuid, from } = input;
  return allItems<MessageGroupRow>(
    table,
    {
      ConsistentRead: true,
      KeyConditionExpression: from === undefined ? 'pk = :pk' : 'pk = :pk AND sk >= :from',
      FilterExpression: 'message_group_uuid = :uuid',
      ExpressionAttributeValues: {
        ':pk': keys.messageGroups(ownerUuid),
        ':uuid': messageGroupUuid,
        ...(from === undefined ? {} : { ':from': from }),
      },
    },
    options,
  );
}

/**
 * Puts a group's row at a time. Where another group's row of the same owner stands at that very microsecond, the row
 * goes one later: neither is overwritten.
 *
 * @returns the row as it was put
 */
export async function putRow(
  table: TableRef,
  row: Omit<MessageGroupRow, 'sk'>,
  at: Micros,
  options?: CallOptions,
): Promise<MessageGroupRow> {
  for (let time = at; ; time++) {
    const item = { ...row, sk: formatTime(time) };
    try {
      await table.client.send(
        new PutCommand({
          TableName: table.tableName,
          Item: item,
          ConditionExpression: 'attribute_not_exists(pk) OR message_group_uuid = :uuid',
          ExpressionAttributeValues: { ':uuid': row.message_group_uuid },
        }),
        httpOptions(options),
      );
      return item;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

/**
 * Removes a group's row, if it still is that group's.
 *
 * @returns whether it was
 */
export async function deleteRow(table: TableRef, row: MessageGroupRow, options?: CallOptions): Promise<boolean> {
  try {
    await table.client.send(
      new DeleteCommand({
        TableName: table.tableName,
        Key: { pk: row.pk, sk: row.sk },
        ConditionExpression: 'message_group_uuid = :uuid',
        ExpressionAttributeValues: { ':uuid': row.message_group_uuid },
      }),
      httpOptions(options),
    );
    return true;
  } catch (error) {
    // It is gone already, or another group's row stands there now.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return false;
  }
}

/** The newest message of somebody in a group, or of anybody else: for a group that lost the row which named them. */
export function findSender(
  table: TableRef,
  messageGroupUuid: string,
  user: { is: string } | { isNot: string },
  options?: CallOptions,
): Promise<MessageItem | undefined> {
  const [operator, userUuid] = 'is' in user ? ['=', user.is] : ['<>', user.isNot];
  return firstItem<MessageItem>(
    table,
    {
      KeyConditionExpression: 'pk = :pk',
      FilterExpression: `user_uuid ${operator} :user`,
      ExpressionAttributeValues: { ':pk': keys.messages(messageGroupUuid), ':user': userUuid },
      ScanIndexForward: false,
    },
    options,
  );
}
