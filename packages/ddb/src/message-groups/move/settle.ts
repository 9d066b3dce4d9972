import { isDeepStrictEqual } from 'node:util';
import { type MessageGroupRow, newestFirst, rowTime, unreadOfRow } from '../../members/message-group-row.ts';
import type { StoredUnread } from '../../members/stored-unread.ts';
import { countThread } from '../../messages/thread-span.ts';
import { markersOfMembers } from '../../read-markers/read-marker.ts';
import { Conflict, retryOnConflict } from '../../table/retry.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { micros } from '../../table/time.ts';
import { readTo } from '../unread.ts';
import { queryGroupRows } from './find.ts';
import { deleteRow, recountRow } from './write-row.ts';

/**
 * Keeps only the newest of a member's rows of a group, and counts again what the member has not read. May run
 * concurrently with moves of the group.
 *
 * @param input.from - the sort key from which rows are looked for
 * @param input.counted - a row whose count is right if it is the only one
 */
export async function settleRows(
  table: TableRef,
  input: { ownerUuid: string; messageGroupUuid: string; from?: string | undefined; counted?: MessageGroupRow },
): Promise<void> {
  const { ownerUuid, counted } = input;
  await retryOnConflict(async () => {
    const [newest, ...older] = newestFirst(await queryGroupRows(table, input));
    await Promise.all(older.map((row) => deleteRow(table, row)));
    if (!newest || (older.length === 0 && newest.sk === counted?.sk)) return;
    const unread = await countRow(table, ownerUuid, newest);
    if (unread === undefined || isDeepStrictEqual(unreadOfRow(newest), unread)) return;
    // Moved or counted again since it was read: the next attempt looks again.
    if (!(await recountRow(table, newest, unread))) throw new Conflict({ cause: new Error('the row has changed') });
  });
}

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
