import { unreceiptedSpan } from './client-message-id.ts';
import type { MessageDraft } from './create-message.ts';
import { keys } from './keys.ts';
import { findMessage, type MessageItem } from './message.ts';
import type { MessageGroupRow } from './message-group.ts';
import { queryItems } from './query-items.ts';
import type { CallOptions, MessageStore } from './store.ts';
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
  const groups = queryItems<Pick<MessageGroupRow, 'message_group_uuid'>>(
    store,
    {
      KeyConditionExpression: 'pk = :pk AND sk >= :from',
      ExpressionAttributeValues: { ':pk': keys.messageGroups(draft.sender.uuid), ':from': formatTime(span.from) },
      ProjectionExpression: 'message_group_uuid',
    },
    options,
  );
  for await (const { message_group_uuid: uuid } of groups) {
    if (uuid === messageGroupUuid) continue;
    const found = await findMessage(store, { messageGroupUuid: uuid, uuid: draft.uuid, span }, options);
    if (found?.user_uuid === draft.sender.uuid) return true;
  }
  return false;
}
