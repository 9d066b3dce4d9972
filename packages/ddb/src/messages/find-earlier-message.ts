import pMap from 'p-map';
import type { MessageGroupRow } from '../members/message-group-row.ts';
import type { WithClock } from '../table/clock.ts';
import { keys } from '../table/keys.ts';
import { firstPage } from '../table/query-items.ts';
import type { CallOptions, TableRef } from '../table/table-ref.ts';
import { formatTime } from '../table/time.ts';
import { unreceiptedSpan } from './client-message-id.ts';
import type { MessageDraft } from './message.ts';
import { findMessage, type MessageItem, messageQuery } from './message.ts';

// A token is remembered for ten minutes; two more for clocks that differ and requests under way.
const TOKEN_MICROS = 12 * 60 * 1_000_000;

/**
 * Looks for the message that an earlier attempt wrote to the same group without a receipt: in the span of time that the
 * id tells, or, where it tells none, in the time that DynamoDB remembers its token.
 */
export function findEarlierMessage(
  store: TableRef & WithClock,
  messageGroupUuid: string,
  draft: MessageDraft,
  options?: CallOptions,
): Promise<MessageItem | undefined> {
  const now = store.clock();
  const span = unreceiptedSpan(draft.uuid) ?? { from: now - TOKEN_MICROS, to: now + TOKEN_MICROS };
  return findMessage(store, { messageGroupUuid, uuid: draft.uuid, span }, options);
}

/** Most groups that are looked at for an id, and most messages of each: more would be the walk through a whole past. */
const ELSEWHERE = { groups: 20, messages: 50 };
/** Threads that are read at the same time. */
const CONCURRENCY = 10;

/**
 * Says whether the sender wrote a message under this id, without a receipt, to another of their groups. Only an id that
 * DynamoDB no longer remembers needs the look: at the groups that moved since the id was made. Costs at most 21 queries.
 *
 * @returns `too_much` if so many groups moved, or so much was written, that it was not looked at
 */
export async function lookElsewhere(
  store: TableRef,
  messageGroupUuid: string,
  draft: MessageDraft,
  options?: CallOptions,
): Promise<'written' | 'absent' | 'too_much'> {
  const span = unreceiptedSpan(draft.uuid);
  if (!span) return 'absent';
  const rows = await firstPage<Pick<MessageGroupRow, 'message_group_uuid'>>(
    store,
    {
      KeyConditionExpression: 'pk = :pk AND sk >= :from',
      ExpressionAttributeValues: { ':pk': keys.messageGroups(draft.sender.uuid), ':from': formatTime(span.from) },
      ProjectionExpression: 'message_group_uuid',
      // The group itself may be among them, and one more shows that there are more.
      Limit: ELSEWHERE.groups + 2,
    },
    options,
  );
  const groups = new Set(rows.items.map((row) => row.message_group_uuid));
  groups.delete(messageGroupUuid);
  if (rows.hasMore || groups.size > ELSEWHERE.groups) return 'too_much';
  const look = async (uuid: string) => {
    const query = { ...messageQuery({ messageGroupUuid: uuid, uuid: draft.uuid, span }), Limit: ELSEWHERE.messages };
    const { items, hasMore } = await firstPage<MessageItem>(store, query, options);
    if (items.some((item) => item.user_uuid === draft.sender.uuid)) return 'written';
    return hasMore ? 'too_much' : 'absent';
  };
  const found = await pMap(groups, look, { concurrency: CONCURRENCY });
  return found.find((each) => each === 'written') ?? found.find((each) => each === 'too_much') ?? 'absent';
}
