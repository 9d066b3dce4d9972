import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Message, type MessageItem, toMessage } from '../messages/message.ts';
import { keys } from '../table/keys.ts';
import type { TableRef } from '../table/table-ref.ts';

/** Sorts after every character of a time: a bound with it takes in all that begins like the bound. */
const AFTER_ALL = '~';

/**
 * Pattern A for operators: the newest messages of a group within a span of time.
 *
 * @param input.from - beginning of a sort key, such as `2026` or `2026-11-20`: nothing before it
 * @param input.to - the same: nothing after what begins like it
 * @returns oldest first, as in the thread
 */
export async function listMessagesBetween(
  { client, tableName }: TableRef,
  input: { messageGroupUuid: string; limit: number; from?: string | undefined; to?: string | undefined },
): Promise<Message[]> {
  const { messageGroupUuid, limit, from = '0', to = '9' } = input;
  const items: MessageItem[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':pk': keys.messages(messageGroupUuid),
          ':from': from,
          ':to': `${to}${AFTER_ALL}`,
        },
        ScanIndexForward: false,
        Limit: limit - items.length,
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    items.push(...((page.Items ?? []) as MessageItem[]));
    start = page.LastEvaluatedKey;
  } while (start && items.length < limit);
  return items.reverse().map((item) => toMessage(messageGroupUuid, item));
}
