import pMap, { pMapSkip } from 'p-map';
import * as z from 'zod/mini';
import { DISPLACED_MAX_MICROS } from '../members/message-group-row.ts';
import { mutedUntilOf } from '../members/message-group-state.ts';
import { type MarkedGroup, markedGroupsOf, queryReadMarkers } from '../members/read-marker.ts';
import { isUnread, newerMessagesQuery, sentAtSchema } from '../messages/thread-span.ts';
import type { WithClock } from '../table/clock.ts';
import { keys } from '../table/keys.ts';
import { firstPage, inPartition } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { type Micros, parseTime } from '../table/time.ts';
import { withoutOlderRows } from './seen-groups.ts';
import { knownUnread, readTo } from './unread.ts';
import { isRequest } from './visible-rows.ts';

/** The newest groups, whose rows fit into one answer of 1 MB. */
const GROUPS = 500;
/** Most threads fetched to decide unclear rows; groups beyond them count as read. */
const THREADS = 10;
/** The newest messages of such a thread. */
const MESSAGES = 25;
const rowSchema = z.object({
  sk: z.string(),
  message_group_uuid: z.string(),
  message_user_uuid: z.optional(z.string()),
  message_deleted: z.optional(z.boolean()),
  unread_after: z.optional(z.string()),
  unread: z.optional(z.unknown()),
});

/** A row, the time up to which the person has read its group, and whether something is unread, if it is known. */
interface ReadRow {
  row: z.output<typeof rowSchema>;
  after: Micros;
  isUnread: boolean | undefined;
}

/**
 * The groups among a person's newest 500 that have unread messages or are marked unread, without muted ones and requests. The work is
 * bounded: one query of the rows, eventually consistent, and in parallel one of the markers, strongly consistent. Where neither row
 * nor marker knows, a row that is newer than its marker is unread if its message is the other person's. If the caller wrote it, or
 * it was deleted, an earlier message may still be unread: such threads are read (docs/decisions/0019).
 *
 * @returns their uuids, newest first
 */
export async function listUnreadGroups(store: TableRef & WithClock, userUuid: string): Promise<string[]> {
  const newestFirst = {
    ...inPartition(keys.messageGroups(userUuid)),
    ProjectionExpression: 'sk, message_group_uuid, message_user_uuid, message_deleted, unread_after, unread',
    ScanIndexForward: false,
    Limit: GROUPS,
  };
  const [found, first] = await Promise.all([
    firstPage(store, rowSchema, newestFirst),
    queryReadMarkers(store, { userUuid }),
  ]);
  const rows = withoutOlderRows(found.items);
  const messageGroupUuids = rows.map((row) => row.message_group_uuid);
  const markers = await markedGroupsOf(store, { userUuid, messageGroupUuids, first });
  const now = store.clock();
  const read = rows.flatMap((row) => {
    const marker = markers.get(row.message_group_uuid);
    return isRequest(marker) || isMuted(marker, now) ? [] : judgeRow(row, userUuid, marker);
  });
  const unclear = new Set(read.filter((each) => each.isUnread === undefined).slice(0, THREADS));
  return pMap(read, async (each) => {
    const counts = unclear.has(each) ? await hasUnread(store, userUuid, each) : each.isUnread;
    return counts ? each.row.message_group_uuid : pMapSkip;
  });
}

const isMuted = (marked: MarkedGroup | undefined, now: Micros) =>
  marked !== undefined && mutedUntilOf(marked.item, now) !== null;

function judgeRow(row: ReadRow['row'], userUuid: string, marked: MarkedGroup | undefined): ReadRow {
  const after = readTo(row, marked);
  const clearedThrough = parseTime(marked?.item.cleared_through ?? '') ?? 0;
  // One that is cleared is in no list.
  if ((parseTime(row.sk) ?? 0) <= clearedThrough) return { row, after, isUnread: false };
  if (marked?.item.is_marked_unread) return { row, after, isUnread: true };
  const known = knownUnread(row, marked);
  if (known) return { row, after, isUnread: known.count > 0 };
  // Rows of the origin do not have the sender.
  const isOthers = row.message_user_uuid !== undefined && row.message_user_uuid !== userUuid;
  const isNewer = (parseTime(row.sk) ?? 0) > after + DISPLACED_MAX_MICROS;
  return { row, after, isUnread: isOthers && isNewer && !row.message_deleted ? true : undefined };
}

/** Whether one of a thread's newest messages is the other person's and unread. */
async function hasUnread(table: TableRef, userUuid: string, { row, after }: ReadRow): Promise<boolean> {
  const query = { ...newerMessagesQuery(row.message_group_uuid, after), Limit: MESSAGES };
  const { items } = await firstPage(table, sentAtSchema, query);
  return items.some((message) => isUnread(message, userUuid, after));
}
