import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { unreceiptedSpan } from './client-message-id.ts';
import type { MessageDraft } from './create-message.ts';
import { keys } from './keys.ts';
import { findMessage, type MessageItem } from './message.ts';
import { type CallOptions, httpOptions, type MessageStore } from './store.ts';
import { formatTime } from './time.ts';

// A token is remembered for ten minutes; two more for clocks that differ and requests under way.
const TOKEN_MICROS = 12 * 60 * 1_000_000;

/**
 * Looks for the message that an earlier attempt wrote to the same group without a receipt: in the span of time that the
 * id tells, or, where it tells none, in the time that DynamoDB remembers its token.
 */
export function findEarlierMessage(
  store: MessageStore,
  messageGroupUuid: string,
  draft: MessageDraft,
  options?: CallOptions,
): Promise<MessageItem | undefined> {
  const now = store.clock();
  const span = unreceiptedSpan(draft.uuid) ?? { from: now - TOKEN_MICROS, to: now + TOKEN_MICROS };
  return findMessage(store, { messageGroupUuid, uuid: draft.uuid, span }, options);
}

/**
 * Says whether the sender wrote a message under this id, without a receipt, to another of their groups. Only an id that
 * DynamoDB no longer remembers needs the look: at the groups that moved since the id was made.
 */
export async function isWrittenElsewhere(
  store: MessageStore,
  messageGroupUuid: string,
  draft: MessageDraft,
  options?: CallOptions,
): Promise<boolean> {
  const span = unreceiptedSpan(draft.uuid);
  if (!span) return false;
  let start: Record<string, unknown> | undefined;
  do {
    const page = await store.client.send(
      new QueryCommand({
        TableName: store.tableName,
        KeyConditionExpression: 'pk = :pk AND sk >= :from',
        ExpressionAttributeValues: { ':pk': keys.messageGroups(draft.sender.uuid), ':from': formatTime(span.from) },
        ProjectionExpression: 'message_group_uuid',
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
      httpOptions(options),
    );
    for (const { message_group_uuid: uuid } of page.Items ?? []) {
      if (uuid === messageGroupUuid) continue;
      const found = await findMessage(store, { messageGroupUuid: uuid, uuid: draft.uuid, span }, options);
      if (found?.user_uuid === draft.sender.uuid) return true;
    }
    start = page.LastEvaluatedKey;
  } while (start);
  return false;
}
