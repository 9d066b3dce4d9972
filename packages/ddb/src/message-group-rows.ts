import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Key, keys } from './keys.ts';
import type { MessageItem } from './message.ts';
import type { MessageGroupRow } from './message-group.ts';
import { allItems, firstItem } from './query-items.ts';
import { type CallOptions, httpOptions, type TableRef } from './store.ts';
import { formatTime, type Micros } from './time.ts';

// What pattern E reads and writes. A row stands at the time of a message, and messages can be read strongly consistent:
// the thread itself tells where a row is, without trusting an index that may lag.

/** The newest message of a group, or the newest before a sort key; strongly consistent. */
export function findNewestMessage(
  table: TableRef,
  messageGroupUuid: string,
  before?: string,
  options?: CallOptions,
): Promise<MessageItem | undefined> {
  return firstItem<MessageItem>(
    table,
    {
      ConsistentRead: true,
      KeyConditionExpression: before === undefined ? 'pk = :pk' : 'pk = :pk AND sk < :before',
      ExpressionAttributeValues: {
        ':pk': keys.messages(messageGroupUuid),
        ...(before === undefined ? {} : { ':before': before }),
      },
      ScanIndexForward: false,
      Limit: 1,
    },
    options,
  );
}

/** The rows of a group among the given keys, strongly consistent. */
export async function getRows(
  table: TableRef,
  messageGroupUuid: string,
  wanted: readonly Key[],
  options?: CallOptions,
): Promise<MessageGroupRow[]> {
  const distinct = new Map(wanted.map(({ pk, sk }) => [`${pk} ${sk}`, { pk, sk }]));
  const rows: MessageGroupRow[] = [];
  let Keys = [...distinct.values()].slice(0, 100);
  while (Keys.length > 0) {
    const { Responses, UnprocessedKeys } = await table.client.send(
      new BatchGetCommand({ RequestItems: { [table.tableName]: { Keys, ConsistentRead: true } } }),
      httpOptions(options),
    );
    rows.push(...((Responses?.[table.tableName] ?? []) as MessageGroupRow[]));
    Keys = (UnprocessedKeys?.[table.tableName]?.Keys ?? []) as typeof Keys;
  }
  return rows.filter((row) => row.message_group_uuid === messageGroupUuid);
}

/** A span of sort keys: those from one on, those after one, or those between two (both inside). */
export type SortKeySpan = { from: string } | { after: string } | { from: string; to: string };

/**
 * The rows of a group in its owner's list, strongly consistent: all of them, or those of a span. It reads every row of
 * the owner in that span, so a wide one is for the rare case in which the thread does not tell.
 */
export function queryRows(
  table: TableRef,
  input: { ownerUuid: string; messageGroupUuid: string; span?: SortKeySpan | undefined },
  options?: CallOptions,
): Promise<MessageGroupRow[]> {
  const { condition, values } = spanCondition(input.span);
  return allItems<MessageGroupRow>(
    table,
    {
      ConsistentRead: true,
      KeyConditionExpression: `pk = :pk${condition}`,
      FilterExpression: 'message_group_uuid = :uuid',
      ExpressionAttributeValues: {
        ':pk': keys.messageGroups(input.ownerUuid),
        ':uuid': input.messageGroupUuid,
        ...values,
      },
    },
    options,
  );
}

function spanCondition(span: SortKeySpan | undefined): { condition: string; values: Record<string, string> } {
  if (span === undefined) return { condition: '', values: {} };
  if ('after' in span) return { condition: ' AND sk > :after', values: { ':after': span.after } };
  if ('to' in span) {
    return { condition: ' AND sk BETWEEN :from AND :to', values: { ':from': span.from, ':to': span.to } };
  }
  return { condition: ' AND sk >= :from', values: { ':from': span.from } };
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

/** Removes a group's row, if it still is that group's. */
export async function deleteRow(table: TableRef, row: MessageGroupRow, options?: CallOptions): Promise<void> {
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
  } catch (error) {
    // It is gone already, or another group's row stands there now.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
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
