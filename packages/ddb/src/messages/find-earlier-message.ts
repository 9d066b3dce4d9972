import pMap from 'p-map';
import * as z from 'zod/mini';
import type { WithClock } from '../table/clock.ts';
import { keys } from '../table/keys.ts';
import { firstItem, firstPage, inPartition } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { addMicros, formatTime } from '../table/time.ts';
import { unreceiptedSpan } from './client-message-id.ts';
import { type MessageDraft, type MessageItem, messageQuery, messageSchema } from './message.ts';

// A token is remembered for ten minutes; two more for clocks that differ and requests in progress.
const TOKEN_MICROS = 12 * 60 * 1_000_000;

/**
 * Looks for the message that an earlier attempt wrote to the same group without a receipt: in the span of time that the
 * id shows, or, if it shows none, in the time that DynamoDB remembers its token.
 */
export function findEarlierMessage(
  store: TableRef & WithClock,
  messageGroupUuid: string,
  draft: MessageDraft,
): Promise<MessageItem | undefined> {
  const now = store.clock();
  const span = unreceiptedSpan(draft.uuid) ?? { from: addMicros(now, -TOKEN_MICROS), to: addMicros(now, TOKEN_MICROS) };
  return firstItem(store, messageSchema, messageQuery(messageGroupUuid, draft.uuid, span));
}

/** Most groups that are searched for an id, and most messages of each. */
const SEARCH_LIMITS = { groups: 20, messages: 50 };

/**
 * Whether the sender wrote a message under this id, without a receipt, to another of their groups. Only needed for an
 * id that DynamoDB no longer remembers. Searches the groups that moved since the id was created, in at most 21 queries.
 *
 * @returns `too_much` if so many groups moved, or so much was written, that the search is incomplete
 */
export async function searchOtherGroups(
  table: TableRef,
  messageGroupUuid: string,
  draft: MessageDraft,
): Promise<'written' | 'absent' | 'too_much'> {
  const span = unreceiptedSpan(draft.uuid);
  if (!span) return 'absent';
  const movedSince = {
    ...inPartition(keys.messageGroups(draft.sender.uuid), 'sk >= :from', { ':from': formatTime(span.from) }),
    ProjectionExpression: 'message_group_uuid',
    // The group itself may be among them, and one more shows that there are more.
    Limit: SEARCH_LIMITS.groups + 2,
  };
  const rows = await firstPage(table, z.object({ message_group_uuid: z.string() }), movedSince);
  const groups = new Set(rows.items.map((row) => row.message_group_uuid));
  groups.delete(messageGroupUuid);
  if (rows.next !== undefined || groups.size > SEARCH_LIMITS.groups) return 'too_much';
  const search = async (uuid: string) => {
    const query = { ...messageQuery(uuid, draft.uuid, span), Limit: SEARCH_LIMITS.messages };
    const { items, next } = await firstPage(table, messageSchema, query);
    if (items.some((item) => item.user_uuid === draft.sender.uuid)) return 'written';
    return next === undefined ? 'absent' : 'too_much';
  };
  const found = await pMap(groups, search, { concurrency: 10 });
  return found.find((each) => each === 'written') ?? found.find((each) => each === 'too_much') ?? 'absent';
}
