import pMap, { pMapSkip } from 'p-map';
import * as z from 'zod/mini';
import { queryReadMarkers, readTimesOf } from '../read-markers/read-marker.ts';
import { keys } from '../table/keys.ts';
import { firstPage, inPartition } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { type Micros, parseTime } from '../table/time.ts';
import { withoutOlderRows } from './message-group.ts';
import { isUnread, newerMessagesQuery, readByOrigin, sentAtSchema } from './unread.ts';

/** The newest groups, whose rows fit into one answer of 1 MB. */
const GROUPS = 500;
/** Most threads fetched to decide unclear rows; groups beyond them count as read. */
const THREADS = 10;
/** The newest messages of such a thread. */
const MESSAGES = 25;
/** A row is some microseconds later than its message if another group's row had its time. */
const ROW_OFFSET_MICROS = 1_000;

const rowSchema = z.object({
  sk: z.string(),
  message_group_uuid: z.string(),
  message_user_uuid: z.optional(z.string()),
  unread_after: z.optional(z.string()),
});

/** A row, and the time up to which the person has read its group. */
type ReadRow = { row: z.output<typeof rowSchema>; readTo: Micros };

/**
 * The groups among a person's newest 500 that have unread messages, in bounded work: one query of the rows, eventually
 * consistent, and in parallel one of the markers, strongly consistent. A row that is newer than its marker is
 * unread if its message is the other person's. If the caller wrote it, an earlier message may still be unread: such
 * threads are read (docs/decisions/0019).
 *
 * @returns their uuids, newest first
 */
export async function listUnreadGroups(table: TableRef, userUuid: string): Promise<string[]> {
  const newestFirst = {
    ...inPartition(keys.messageGroups(userUuid)),
    ProjectionExpression: 'sk, message_group_uuid, message_user_uuid, unread_after',
    ScanIndexForward: false,
    Limit: GROUPS,
  };
  const [found, first] = await Promise.all([
    firstPage(table, rowSchema, newestFirst),
    queryReadMarkers(table, { userUuid }),
  ]);
  const rows = withoutOlderRows(found.items);
  const messageGroupUuids = rows.map((row) => row.message_group_uuid);
  const times = await readTimesOf(table, { userUuid, messageGroupUuids, first });
  const newer = rows
    .map((row): ReadRow => ({ row, readTo: times.get(row.message_group_uuid) ?? readByOrigin(row) }))
    .filter(({ row, readTo }) => (parseTime(row.sk) ?? 0) > readTo);
  // Rows of the origin do not have the sender.
  const isPlain = ({ row: { sk, message_user_uuid: sender = userUuid }, readTo }: ReadRow) =>
    sender !== userUuid && (parseTime(sk) ?? 0) > readTo + ROW_OFFSET_MICROS;
  const unclear = new Set(newer.filter((each) => !isPlain(each)).slice(0, THREADS));
  return pMap(newer, async (each) => {
    const counts = isPlain(each) || (unclear.has(each) && (await hasUnread(table, userUuid, each)));
    return counts ? each.row.message_group_uuid : pMapSkip;
  });
}

/** Whether one of a thread's newest messages is the other person's and unread. */
async function hasUnread(table: TableRef, userUuid: string, { row, readTo }: ReadRow): Promise<boolean> {
  const query = { ...newerMessagesQuery(row, readTo), Limit: MESSAGES };
  const { items } = await firstPage(table, sentAtSchema, query);
  return items.some((message) => isUnread(message, userUuid, readTo));
}
