import pMap from 'p-map';
import { type MessageGroupRow, unreadOfRow } from '../members/message-group-row.ts';
import { type MarkedGroup, unreadOfMarker } from '../members/read-marker.ts';
import { UNREAD_MAX } from '../members/stored-unread.ts';
import { isUnread, newerMessagesQuery, sentAtSchema } from '../messages/thread-span.ts';
import { queryPages } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { EPOCH, formatIso, isoOf, type Micros, micros, parseTime } from '../table/time.ts';

export interface Unread {
  /** Messages of the other person that are newer than the owner's read marker; 100 means "more than 99". */
  unreadCount: number;
  /** The owner's read marker, ISO 8601 in UTC, microseconds; `null` if there is none. */
  readAt: string | null;
  /** Time up to which the messages of both people were checked. */
  unreadThrough: string;
}

/** Messages read beyond the newest 100 of a group, all groups of a page together (docs/decisions/0019). */
const OLDER_MAX = 900;
/** Read units after which the counts of a page start no further query. */
const UNITS_MAX = 500;

const ALL_READ = micros(Number.POSITIVE_INFINITY);

/** The row's attributes that show what is unread. */
type UnreadRow = Pick<MessageGroupRow, 'sk' | 'message_user_uuid' | 'unread_after' | 'unread'>;

/**
 * The time up to which a row's owner has read its group. Without a marker, nothing of ours is read, and the origin's
 * messages do not become unread.
 */
export function readTo(row: Omit<UnreadRow, 'sk'>, marked: Pick<MarkedGroup, 'at'> | undefined): Micros {
  if (marked?.at !== undefined) return marked.at;
  if (row.message_user_uuid === undefined) return ALL_READ;
  return (row.unread_after === undefined ? undefined : parseTime(row.unread_after)) ?? EPOCH;
}

/**
 * What row and marker know about a group's unread messages, and up to which time: the row if it was counted from the
 * marker as it is now, otherwise the marker if it was counted up to the row or beyond. `undefined` if the thread must
 * be read: the row is the origin's, or of an earlier release, or a count was too long or failed.
 */
export function knownUnread(
  row: UnreadRow,
  marked: Pick<MarkedGroup, 'at' | 'unread'> | undefined,
): { count: number; through: string } | undefined {
  const after = readTo(row, marked);
  const rowAt = parseTime(row.sk) ?? EPOCH;
  if (rowAt <= after) return { count: 0, through: isoOf(row.sk) };
  const ofRow = unreadOfRow(row);
  const ofMarker = marked && unreadOfMarker(marked);
  const known = ofRow?.after === after ? ofRow : ofMarker && ofMarker.through >= rowAt ? ofMarker : undefined;
  return known?.count === undefined ? undefined : { count: known.count, through: formatIso(known.through) };
}

/**
 * Adds the unread messages to a page's groups: those of the other person that are newer than the owner's marker. They are
 * known from row and marker, or counted from the thread. Messages that the stream has not moved the row to yet are left
 * out unless the thread is counted.
 *
 * The work is bounded for the page as a whole. A count that the bound cuts is the number known to be unread.
 *
 * @param input.marked - the owner's markers, by group
 */
export async function addUnread(
  table: TableRef,
  input: { userUuid: string; rows: readonly MessageGroupRow[]; marked: ReadonlyMap<string, MarkedGroup> },
): Promise<{ row: MessageGroupRow; unread: Unread }[]> {
  const groups = input.rows.map((row) => {
    const marked = input.marked.get(row.message_group_uuid);
    const known = knownUnread(row, marked);
    const after = readTo(row, marked);
    const counter = known ? undefined : createCounter(table, { userUuid: input.userUuid, row, after });
    return { row, marked, known, counter };
  });
  await countWithinBounds(groups.flatMap(({ counter }) => counter ?? []));
  return groups.map(({ row, marked, known, counter }) => ({
    row,
    unread: {
      unreadCount: known?.count ?? Math.min(counter?.count ?? 0, UNREAD_MAX),
      readAt: marked?.at === undefined ? null : formatIso(marked.at),
      // A row that another group's row displaced is a microsecond later than its message.
      unreadThrough: known?.through ?? isoOf(counter?.newest ?? row.sk),
    },
  }));
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

/** Whether a row shows a message of the other person that was not deleted. */
function showsOthers({ message_user_uuid: senderUuid, message_deleted }: MessageGroupRow, userUuid: string): boolean {
  return senderUuid !== undefined && senderUuid !== userUuid && !message_deleted;
}

type Counter = ReturnType<typeof createCounter>;

/**
 * Counts a group's messages from the newest backwards, a hundred at a time. The owner's messages are left out here: a
 * filter of the query would cost as much and hide the newest message. Strongly consistent, so that the message of the
 * row is counted.
 */
function createCounter(
  table: TableRef,
  { userUuid, row, after }: { userUuid: string; row: MessageGroupRow; after: Micros },
) {
  const query = { ...newerMessagesQuery(row.message_group_uuid, after), ConsistentRead: true, Limit: UNREAD_MAX };
  const pages = queryPages(table, sentAtSchema, query);
  const counter = {
    // Until a page is read, only the row is known. It may show an unread message.
    count: showsOthers(row, userUuid) ? 1 : 0,
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
