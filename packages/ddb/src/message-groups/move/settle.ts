import { isDeepStrictEqual } from 'node:util';
import {
  DISPLACED_MAX_MICROS,
  type MessageGroupRow,
  newestFirst,
  rowTime,
  shows,
  unreadOfRow,
} from '../../members/message-group-row.ts';
import { markersOfMembers } from '../../members/read-marker.ts';
import type { StoredUnread } from '../../members/stored-unread.ts';
import { findNewestMessage } from '../../messages/find-in-thread.ts';
import { countThread } from '../../messages/thread-span.ts';
import { Conflict, retryOnConflict } from '../../table/retry.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { addMicros, formatTime, micros } from '../../table/time.ts';
import { readTo } from '../unread.ts';
import { queryGroupRows } from './find.ts';
import { type NewestMessage, toNewestMessage } from './plan.ts';
import { deleteRow, updateRow } from './write-row.ts';

/**
 * Keeps only the newest of a member's rows of a group, lets it show its message as it is now, and counts again what the member
 * has not read. May run concurrently with moves of the group.
 *
 * @param member.from - the sort key from which rows are looked for
 * @param member.put - a row that is right if it is the only one
 */
export async function settleRows(
  table: TableRef,
  newest: NewestMessage,
  member: { ownerUuid: string; from?: string | undefined; put?: MessageGroupRow | undefined },
): Promise<void> {
  const { ownerUuid, put } = member;
  const { messageGroupUuid } = newest;
  await retryOnConflict(async () => {
    const [row, ...older] = newestFirst(await queryGroupRows(table, { ...member, messageGroupUuid }));
    await Promise.all(older.map((each) => deleteRow(table, each)));
    if (!row || (older.length === 0 && row.sk === put?.sk)) return;
    // The thread is read after the row: if the row is still the same when it is updated, it gets what is newer.
    const [unread, preview] = await Promise.all([countRow(table, ownerUuid, row), findPreview(table, row, newest)]);
    const changes = { unread: isDeepStrictEqual(unreadOfRow(row), unread) ? undefined : unread, preview };
    if (!changes.unread && !preview) return;
    // Moved or changed since it was read: the next attempt looks again.
    if (!(await updateRow(table, row, changes))) throw new Conflict({ cause: new Error('the row has changed') });
  });
}

/**
 * The message that a row should show, as the thread has it now: if the row is at the newest message, or was displaced from it,
 * and does not show it. The messages of other rows have separate events.
 */
async function findPreview(
  table: TableRef,
  row: MessageGroupRow,
  newest: NewestMessage,
): Promise<NewestMessage | undefined> {
  const { messageGroupUuid, sk, at } = newest;
  const displacedBy = rowTime(row) - at;
  if (displacedBy < 0 || displacedBy > DISPLACED_MAX_MICROS || isExact(row, newest)) return undefined;
  const through = displacedBy === 0 ? sk : formatTime(addMicros(at, displacedBy));
  const item = await findNewestMessage(table, messageGroupUuid, through);
  const preview = item && toNewestMessage(messageGroupUuid, item);
  return preview && preview.at >= at && !isExact(row, preview) ? preview : undefined;
}

/** A higher version than the thread's is one of another message, which a Lambda of an earlier release has copied. */
const isExact = (row: MessageGroupRow, preview: NewestMessage) =>
  shows(row, preview) && (row.message_version ?? 0) === (preview.version ?? 0);

/** Counts what a row's owner has not read, from the thread and the marker. `undefined`: the row is read. */
async function countRow(table: TableRef, ownerUuid: string, row: MessageGroupRow): Promise<StoredUnread | undefined> {
  const { message_group_uuid: messageGroupUuid } = row;
  const markers = await markersOfMembers(table, messageGroupUuid, [ownerUuid]);
  const after = readTo(row, markers.get(ownerUuid));
  const through = micros(rowTime(row));
  if (through <= after) return undefined;
  const { count } = await countThread(table, messageGroupUuid, { userUuid: ownerUuid, after, through });
  return { ...(count === undefined ? {} : { count }), after, through };
}
