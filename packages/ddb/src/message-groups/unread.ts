import pMap from 'p-map';
import * as z from 'zod/mini';
import type { MessageGroupRow } from '../members/message-group-row.ts';
import { isoOf } from '../messages/message.ts';
import { keys } from '../table/keys.ts';
import { queryPages } from '../table/query-items.ts';
import type { CallOptions, TableRef } from '../table/table-ref.ts';
import { formatIso, formatTime, type Micros, micros, parseTime } from '../table/time.ts';

/** The unread state of a group in the list. */
export interface Unread {
  /** Messages of the other person that are newer than the owner's read marker; 100 means "more than 99". */
  unreadCount: number;
  /** The owner's read marker, ISO 8601 in UTC, microseconds; `null` if there is none. */
  readAt: string | null;
  /** Time of the newest message that `unreadCount` takes into account: what is newer is not in it. */
  unreadThrough: string;
}

/** A count stops here: it is shown as "99+". Also the number of messages read at a time. */
const UNREAD_MAX = 100;
/** Messages looked at beyond the newest 100 of a group, all groups of a page together (docs/decisions/0008). */
const OLDER_MAX = 900;
/** Read units after which the counts of a page begin no further query. */
const UNITS_MAX = 500;
/** Threads that are read at the same time for one page of groups. */
const CONCURRENCY = 10;
/** Sorts before every time. */
const BEFORE_ALL = '0';

/**
 * Counts the unread messages of a page's groups: those of the other person that are newer than the owner's marker. A
 * group that has not moved since it was marked costs nothing. Messages that their row does not show yet (the stream has
 * still to move it) are counted only where the row was newer than the marker already.
 *
 * The work is bounded for the page as a whole. Where the bound cuts a count, it says what is known to be unread.
 *
 * @param input.times - up to when the owner has read, by group
 */
export async function countUnread(
  table: TableRef,
  input: { userUuid: string; rows: readonly MessageGroupRow[]; times: ReadonlyMap<string, Micros> },
  options?: CallOptions,
): Promise<{ row: MessageGroupRow; unread: Unread }[]> {
  const { userUuid, rows, times } = input;
  const looks = rows.map((row) => {
    const readAt = times.get(row.message_group_uuid);
    return { row, readAt, look: lookAt(table, { userUuid, row, after: readAt ?? readByOrigin(row) }, options) };
  });
  await lookWithinBounds(looks.flatMap(({ look }) => look ?? []));
  return looks.map(({ row, readAt, look }) => ({
    row,
    unread: {
      unreadCount: look?.count() ?? 0,
      readAt: readAt === undefined ? null : formatIso(readAt),
      // A row that gave way to another group's is a microsecond later than its message, which may have been read.
      unreadThrough: isoOf(look?.newest() ?? row.sk),
    },
  }));
}

const ALL_READ = micros(Number.POSITIVE_INFINITY);
const NONE_READ = micros(Number.NEGATIVE_INFINITY);

/** How far a person without a marker has read: a table that the origin wrote does not begin with years of unread. */
export function readByOrigin(row: Pick<MessageGroupRow, 'message_user_uuid' | 'unread_after'>): Micros {
  if (row.message_user_uuid === undefined) return ALL_READ;
  return (row.unread_after === undefined ? undefined : parseTime(row.unread_after)) ?? NONE_READ;
}

/** The query for the messages of a row's group that are newer than a time, newest first: their times and senders. */
export function newerMessagesQuery(row: Pick<MessageGroupRow, 'message_group_uuid'>, after: Micros) {
  return {
    KeyConditionExpression: 'pk = :pk AND sk > :after',
    ExpressionAttributeValues: {
      ':pk': keys.messages(row.message_group_uuid),
      ':after': Number.isFinite(after) ? formatTime(after) : BEFORE_ALL,
    },
    ProjectionExpression: 'sk, user_uuid',
    ScanIndexForward: false,
  };
}

/** What {@link newerMessagesQuery} reads of a message. */
export const sentAtSchema = z.object({ sk: z.string(), user_uuid: z.string() });
type SentAt = z.output<typeof sentAtSchema>;

/** Whether a message is the other person's and newer than a time. */
export function isUnread({ sk, user_uuid: senderUuid }: SentAt, userUuid: string, after: Micros): boolean {
  return senderUuid !== userUuid && (parseTime(sk) ?? 0) > after;
}

/** First the newest messages of every group, then older ones of those that are not counted yet. */
async function lookWithinBounds(looks: readonly Look[]): Promise<void> {
  let units = 0;
  const read = async (look: Look) => {
    const consumed = await look.readMore();
    units += consumed;
  };
  await pMap(looks, (look) => (units < UNITS_MAX ? read(look) : undefined), { concurrency: CONCURRENCY });
  let older = 0;
  for (const look of looks) {
    for (; !look.isDone() && units < UNITS_MAX && older < OLDER_MAX; older += UNREAD_MAX) await read(look);
  }
}

type Look = NonNullable<ReturnType<typeof lookAt>>;

/**
 * A count of a group's messages from the newest backwards, a hundred at a time; `undefined` where none is needed. The
 * owner's messages are left out here rather than by a filter of the query, which would cost as much and hide the newest
 * message. Strongly consistent: what the row shows is in the count.
 *
 * Sort keys are compared as text. The origin's with fewer digits sort as their time does; those with another offset
 * than UTC may be left out, and are never counted in error since their time is read.
 */
function lookAt(
  table: TableRef,
  { userUuid, row, after }: { userUuid: string; row: MessageGroupRow; after: Micros },
  options?: CallOptions,
) {
  if ((parseTime(row.sk) ?? 0) <= after) return undefined;
  const query = { ...newerMessagesQuery(row, after), ConsistentRead: true, Limit: UNREAD_MAX };
  const pages = queryPages(table, sentAtSchema, query, options);
  // Until a page of messages is read, the row is all that is known: it may show one.
  let count = row.message_user_uuid !== undefined && row.message_user_uuid !== userUuid ? 1 : 0;
  let newest: string | undefined;
  let isDone = false;
  return {
    /** Reads and counts some more messages; returns the read units that this consumed. */
    async readMore(): Promise<number> {
      const { value: page } = await pages.next();
      if (newest === undefined) count = 0;
      newest ??= page?.items[0]?.sk;
      count += (page?.items ?? []).filter((message) => isUnread(message, userUuid, after)).length;
      isDone = page?.next === undefined || count >= UNREAD_MAX;
      return page?.units ?? 0;
    },
    count: () => Math.min(count, UNREAD_MAX),
    newest: () => newest,
    isDone: () => isDone,
  };
}
