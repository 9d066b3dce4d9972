import pMap from 'p-map';
import { keys } from './keys.ts';
import { isoOf, type MessageItem } from './message.ts';
import type { MessageGroup, MessageGroupRow } from './message-group.ts';
import { queryItems } from './query-items.ts';
import { type ReadMarkers, readMarkersOf } from './read-marker.ts';
import type { CallOptions, TableRef } from './store.ts';
import { formatIso, formatTime, type Micros, parseTime } from './time.ts';

/** What a group of the list says of its unread messages. */
export type Unread = Pick<MessageGroup, 'unreadCount' | 'readAt' | 'unreadThrough'>;

/** A count that has come so far counts no further: it is shown as "99+". */
const UNREAD_MAX = 100;
/** Most messages looked at for a count: only somebody who writes without ever marking gets there (docs/decisions/0008). */
const LOOK_MAX = 1000;
/** Threads that are read at the same time for one page of groups. */
const CONCURRENCY = 10;
/** Sorts before every time. */
const BEFORE_ALL = '0';

/**
 * Counts the unread messages of a page's groups: those of the other person that are newer than the owner's marker. A
 * group that has not moved since it was marked costs nothing. Messages that their row does not show yet (the stream has
 * still to move it) are counted only where the row was newer than the marker already.
 */
export async function countUnread(
  store: TableRef,
  input: { userUuid: string; rows: readonly MessageGroupRow[]; markers: ReadMarkers },
  options?: CallOptions,
): Promise<{ row: MessageGroupRow; unread: Unread }[]> {
  const { userUuid, rows, markers } = input;
  const messageGroupUuids = rows.map((row) => row.message_group_uuid);
  const times = await readMarkersOf(store, { userUuid, messageGroupUuids, markers }, options);
  const count = async (row: MessageGroupRow): Promise<Unread> => {
    const readAt = times.get(row.message_group_uuid);
    const none = { unreadCount: 0, readAt: readAt === undefined ? null : formatIso(readAt) };
    const after = readAt ?? readByOrigin(row);
    if ((parseTime(row.sk) ?? 0) <= after) return { ...none, unreadThrough: isoOf(row.sk) };
    const { count: unreadCount, newest } = await countMessages(store, { userUuid, row, after }, options);
    // A row that gave way to another group's stands a microsecond after its message, which may have been read.
    return { ...none, unreadCount, unreadThrough: isoOf(newest ?? row.sk) };
  };
  return pMap(rows, async (row) => ({ row, unread: await count(row) }), { concurrency: CONCURRENCY });
}

/** How far a person without a marker has read: a table that the origin wrote does not begin with years of unread. */
function readByOrigin(row: MessageGroupRow): Micros {
  if (row.message_user_uuid === undefined) return Number.POSITIVE_INFINITY;
  return (row.unread_after === undefined ? undefined : parseTime(row.unread_after)) ?? Number.NEGATIVE_INFINITY;
}

/**
 * Counts from the newest message backwards. The own ones are left out here rather than by a filter of the query, which
 * would cost as much and hide the newest message. Strongly consistent: what the row shows is in the count.
 *
 * Sort keys are compared as text. The origin's with fewer digits sort as their time does; those with another offset
 * than UTC may be left out, and are never counted in error since their time is read.
 */
async function countMessages(
  store: TableRef,
  input: { userUuid: string; row: MessageGroupRow; after: Micros },
  options?: CallOptions,
): Promise<{ count: number; newest: string | undefined }> {
  const messages = queryItems<Pick<MessageItem, 'sk' | 'user_uuid'>>(
    store,
    {
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk > :after',
      ExpressionAttributeValues: {
        ':pk': keys.messages(input.row.message_group_uuid),
        ':after': Number.isFinite(input.after) ? formatTime(input.after) : BEFORE_ALL,
      },
      ProjectionExpression: 'sk, user_uuid',
      ScanIndexForward: false,
      Limit: UNREAD_MAX,
    },
    options,
  );
  let newest: string | undefined;
  let count = 0;
  let looked = 0;
  for await (const { sk, user_uuid: senderUuid } of messages) {
    newest ??= sk;
    if (senderUuid !== input.userUuid && (parseTime(sk) ?? 0) > input.after) count++;
    if (count === UNREAD_MAX || ++looked === LOOK_MAX) break;
  }
  return { count, newest };
}
