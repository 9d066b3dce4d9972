import pMap from 'p-map';
import * as z from 'zod/mini';
import type { MessageGroupRow } from '../members/message-group-row.ts';
import { keys } from '../table/keys.ts';
import { itemSchema } from '../table/parse-items.ts';
import { inPartition, queryPages } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatIso, formatTime, isoOf, type Micros, micros, parseTime } from '../table/time.ts';

export interface Unread {
  /** Messages of the other person that are newer than the owner's read marker; 100 means "more than 99". */
  unreadCount: number;
  /** The owner's read marker, ISO 8601 in UTC, microseconds; `null` if there is none. */
  readAt: string | null;
  /** Time up to which the messages of both people were checked. */
  unreadThrough: string;
}

/** A count stops here: it is shown as "99+". Also the number of messages read at a time. */
const UNREAD_MAX = 100;
/** Messages read beyond the newest 100 of a group, all groups of a page together (docs/decisions/0019). */
const OLDER_MAX = 900;
/** Read units after which the counts of a page start no further query. */
const UNITS_MAX = 500;
/** Sorts before every time. */
const BEFORE_ALL = '0';

/**
 * Counts the unread messages of a page's groups: those of the other person that are newer than the owner's marker. A
 * group that has not moved since it was marked costs nothing. Messages that the stream has not moved the row to yet are
 * counted only if the row was already newer than the marker.
 *
 * The work is bounded for the page as a whole. A count that the bound cuts is the number known to be unread.
 *
 * @param input.times - the time up to which the owner has read, by group
 */
export async function countUnread(
  table: TableRef,
  input: { userUuid: string; rows: readonly MessageGroupRow[]; times: ReadonlyMap<string, Micros> },
): Promise<{ row: MessageGroupRow; unread: Unread }[]> {
  const { userUuid, rows, times } = input;
  const counters = rows.map((row) => {
    const readAt = times.get(row.message_group_uuid);
    return { row, readAt, counter: createCounter(table, { userUuid, row, after: readAt ?? readByOrigin(row) }) };
  });
  await countWithinBounds(counters.flatMap(({ counter }) => counter ?? []));
  return counters.map(({ row, readAt, counter }) => ({
    row,
    unread: {
      unreadCount: Math.min(counter?.count ?? 0, UNREAD_MAX),
      readAt: readAt === undefined ? null : formatIso(readAt),
      // A row that another group's row displaced is a microsecond later than its message, which may have been read.
      unreadThrough: isoOf(counter?.newest ?? row.sk),
    },
  }));
}

const ALL_READ = micros(Number.POSITIVE_INFINITY);
const NONE_READ = micros(Number.NEGATIVE_INFINITY);

/** The time up to which a person without a marker has read: the origin's messages do not become unread. */
export function readByOrigin(row: Pick<MessageGroupRow, 'message_user_uuid' | 'unread_after'>): Micros {
  if (row.message_user_uuid === undefined) return ALL_READ;
  return (row.unread_after === undefined ? undefined : parseTime(row.unread_after)) ?? NONE_READ;
}

/** The query for the messages of a row's group that are newer than a time, newest first: their times and senders. */
export function newerMessagesQuery(row: Pick<MessageGroupRow, 'message_group_uuid'>, after: Micros) {
  const sk = Number.isFinite(after) ? formatTime(after) : BEFORE_ALL;
  return {
    ...inPartition(keys.messages(row.message_group_uuid), 'sk > :after', { ':after': sk }),
    ProjectionExpression: 'sk, user_uuid',
    ScanIndexForward: false,
  };
}

/** The attributes that {@link newerMessagesQuery} reads. */
export const sentAtSchema = itemSchema({ sk: z.string(), user_uuid: z.string() });
type SentAt = z.output<typeof sentAtSchema>;

/** Whether a message is the other person's and newer than a time. */
export function isUnread({ sk, user_uuid: senderUuid }: SentAt, userUuid: string, after: Micros): boolean {
  return senderUuid !== userUuid && (parseTime(sk) ?? 0) > after;
}

/** Reads the newest messages of every group, then older ones of those that are not counted yet. */
async function countWithinBounds(counters: readonly Counter[]): Promise<void> {
  let units = 0;
  const read = async (counter: Counter) => {
    const consumed = await counter.readMore();
    units += consumed;
  };
  await pMap(counters, (counter) => (units < UNITS_MAX ? read(counter) : undefined), { concurrency: 10 });
  let older = 0;
  for (const counter of counters) {
    for (; !counter.isDone && units < UNITS_MAX && older < OLDER_MAX; older += UNREAD_MAX) await read(counter);
  }
}

type Counter = NonNullable<ReturnType<typeof createCounter>>;

/**
 * Counts a group's messages from the newest backwards, a hundred at a time; `undefined` if none is needed. The owner's
 * messages are left out here: a filter of the query would cost as much and hide the newest message. Strongly consistent,
 * so that the message of the row is counted.
 *
 * Sort keys are compared as text. The origin's with fewer digits sort as their time does; those with another offset
 * than UTC may be left out, but are never counted wrongly, since their time is parsed.
 */
function createCounter(
  table: TableRef,
  { userUuid, row, after }: { userUuid: string; row: MessageGroupRow; after: Micros },
) {
  if ((parseTime(row.sk) ?? 0) <= after) return undefined;
  const query = { ...newerMessagesQuery(row, after), ConsistentRead: true, Limit: UNREAD_MAX };
  const pages = queryPages(table, sentAtSchema, query);
  const counter = {
    // Until a page is read, only the row is known. It may show an unread message.
    count: row.message_user_uuid !== undefined && row.message_user_uuid !== userUuid ? 1 : 0,
    newest: undefined as string | undefined,
    isDone: false,
    /** Reads and counts more messages; returns the consumed read units. */
    async readMore(): Promise<number> {
      const { value: { items, next, units } = { items: [], next: undefined, units: 0 } } = await pages.next();
      if (counter.newest === undefined) counter.count = 0;
      counter.newest ??= items[0]?.sk;
      counter.count += items.filter((message) => isUnread(message, userUuid, after)).length;
      counter.isDone = next === undefined || counter.count >= UNREAD_MAX;
      return units;
    },
  };
  return counter;
}
