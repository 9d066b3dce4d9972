import * as z from 'zod/mini';
import { UNREAD_MAX } from '../members/stored-unread.ts';
import { keys } from '../table/keys.ts';
import { itemSchema } from '../table/parse-items.ts';
import { inPartition, queryPages } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime, type Micros, parseTime } from '../table/time.ts';

/** The attributes that a count needs. */
export const sentAtSchema = itemSchema({ sk: z.string(), user_uuid: z.string(), deleted_at: z.optional(z.string()) });
type SentAt = z.output<typeof sentAtSchema>;

/**
 * The query for a group's messages that are newer than a time, newest first: their times and senders, and which were deleted.
 *
 * Sort keys are compared as text. The origin's with fewer digits sort as their time does; those with another offset
 * than UTC may be left out, but are never counted wrongly, since their time is parsed.
 */
export function newerMessagesQuery(messageGroupUuid: string, after: Micros, through?: Micros) {
  const pk = keys.messages(messageGroupUuid);
  const condition =
    through === undefined
      ? inPartition(pk, 'sk > :after', { ':after': formatTime(after) })
      : inPartition(pk, 'sk BETWEEN :after AND :through', {
          ':after': formatTime(after),
          ':through': formatTime(through),
        });
  return { ...condition, ProjectionExpression: 'sk, user_uuid, deleted_at', ScanIndexForward: false };
}

/** Whether a message is the other person's, newer than a time and not deleted. */
export function isUnread({ sk, user_uuid: senderUuid, deleted_at }: SentAt, userUuid: string, after: Micros): boolean {
  return senderUuid !== userUuid && deleted_at === undefined && (parseTime(sk) ?? 0) > after;
}

/** Messages of a thread, newest first. */
export interface ThreadSpan {
  messages: readonly SentAt[];
  /** False: older ones of the span were not read. */
  isWhole: boolean;
}

/** Pages of a hundred messages that a count reads at most. */
const PAGES_MAX = 10;

/**
 * Reads messages later than a time and not later than another, newest first, a hundred at a time; strongly consistent.
 *
 * @param isEnough - whether what was read decides the counts
 */
export async function readSpan(
  table: TableRef,
  messageGroupUuid: string,
  { after, through }: { after: Micros; through?: Micros },
  isEnough: (span: ThreadSpan) => boolean,
): Promise<ThreadSpan> {
  const query = { ...newerMessagesQuery(messageGroupUuid, after, through), ConsistentRead: true, Limit: UNREAD_MAX };
  const messages: SentAt[] = [];
  let pages = 0;
  for await (const { items, next } of queryPages(table, sentAtSchema, query)) {
    messages.push(...items);
    const span = { messages, isWhole: next === undefined };
    if (span.isWhole || ++pages === PAGES_MAX || isEnough(span)) return span;
  }
  return { messages, isWhole: true };
}

/** A time, and what was counted before it; without `count` if there was too much to read. */
export interface CountedBefore {
  count?: number | undefined;
  after: Micros;
}

/**
 * Counts the other person's messages of a span that are later than a time, up to 100.
 *
 * @returns undefined if the span does not reach back to it, or without a count to continue
 */
export function countFrom(
  { messages, isWhole }: ThreadSpan,
  userUuid: string,
  from: CountedBefore,
): number | undefined {
  if (from.count === undefined) return undefined;
  const count = from.count + messages.filter((message) => isUnread(message, userUuid, from.after)).length;
  if (count >= UNREAD_MAX) return UNREAD_MAX;
  const reaches = isWhole || (parseTime(messages.at(-1)?.sk ?? '') ?? 0) <= from.after;
  return reaches ? count : undefined;
}

/** Counts a person's unread messages between two times; undefined if there is too much to read. */
export async function countThread(
  table: TableRef,
  messageGroupUuid: string,
  { userUuid, ...range }: { userUuid: string; after: Micros; through?: Micros },
): Promise<{ count: number | undefined; newest: Micros | undefined }> {
  const count = (span: ThreadSpan) => countFrom(span, userUuid, { count: 0, after: range.after });
  const span = await readSpan(table, messageGroupUuid, range, (read) => count(read) !== undefined);
  return { count: count(span), newest: parseTime(span.messages[0]?.sk ?? '') };
}
