import {
  DISPLACED_MAX_MICROS,
  type MessageGroupRow,
  messageGroupRow,
  newestFirst,
  previewAttributes,
  rowTime,
  shows,
} from '../../members/message-group-row.ts';
import { findNextSortKey } from '../../messages/find-in-thread.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { EPOCH, formatTime } from '../../table/time.ts';
import { countForMove } from './count.ts';
import { oldestKey } from './find.ts';
import { type FoundRows, type MemberRows, type NewestMessage, planMove } from './plan.ts';
import { settleRows } from './settle.ts';
import { deleteRow, putRow, updateRow } from './write-row.ts';

// Why put → check → delete is safe:
//
//     move of a   ── put a ──────────── check, delete o ────────────────────────────────
//     move of b   ────────── put b ──────────────────── check, delete o: gone → clean up
//
// 1. Puts come before deletes. A crash leaves one row too many, never none, and the retried batch removes it.
// 2. Two concurrent moves that found the same old row `o` both delete it. The second finds it gone; by then both new
//    rows exist, so it reads the list again and keeps only the newest.
// 3. If they found different rows, the move of the older message sees the newer one in the thread, and cleans up.
//
// Why the counts are right: a row's count continues that of the row before it. What that row had not counted is a message
// whose own event is still to come, which counts the newest row again. If it finds the old row before the new one is
// put, it counts the old one again, and the move of the new row notices when it deletes it.
//
// Why an edit or deletion is never lost: its event comes after the change, and sees rows of three kinds.
// 1. Rows older than the message: it moves them to the message itself, as the event of the message does. A move that read the
//    message, or counted it, before the change finds the old row gone and cleans up, or its put is refused for its version.
// 2. Rows at the message: it updates them, unless they have changed since they were read. Then it reads them again, and after
//    them the thread, until the update succeeds. So a row's version of a message never falls.
// 3. Newer rows do not show the message. If it was deleted, they are counted again, as for a late message.

/**
 * Moves the rows of a group's members to its newest message, with the counts of what they have not read. May be
 * repeated, and run concurrently with other moves of the group. If the message is not newer than the rows, nothing is moved:
 * what they show is put right, and they are counted again unless the batch has only edits.
 *
 * @returns whether a row was put
 */
export async function moveGroupRows(table: TableRef, newest: NewestMessage, found: FoundRows): Promise<boolean> {
  const plans = found.members.map((member) => planRow(newest, member));
  const planned = plans.filter(({ isPut }) => isPut);
  const counts = await countForMove(table, newest, found, planned);
  const isMoved = planned.length > 0;
  const moves = await Promise.all(
    plans.map(async (plan) => ({
      ...plan,
      put: plan.isPut ? await putRow(table, plan.row, newest.at, counts[planned.indexOf(plan)]) : undefined,
    })),
  );
  const overtaken = isMoved && isOvertaken(table, newest, moves);
  await Promise.all(moves.map((move) => finishMove(table, newest, found, move, overtaken)));
  return isMoved;
}

interface StartedMove extends MemberRows {
  isPut: boolean;
  /** Absent if it was refused. */
  put: MessageGroupRow | undefined;
  remove: MessageGroupRow[];
}

function planRow(newest: NewestMessage, member: MemberRows) {
  const { put: isPut, current, remove } = planMove(member.rows, newest.at);
  const row = current ?? messageGroupRow(member.ownerUuid, member.other, { ...newest, uuid: newest.messageGroupUuid });
  // The first move of a row that the origin wrote records on the new row, and so on all later ones, where the origin's messages end.
  const unreadAfter = row.message_user_uuid === undefined ? row.sk : row.unread_after;
  return { ...member, isPut, remove, row: { ...row, unread_after: unreadAfter, ...previewAttributes(newest) } };
}

/** Whether the thread has a newer message. Skipped if every list is read anyway. */
async function isOvertaken(table: TableRef, newest: NewestMessage, moves: readonly StartedMove[]): Promise<boolean> {
  if (moves.every(({ put, uncheckedFrom }) => !put || uncheckedFrom !== undefined)) return false;
  return (await findNextSortKey(table, newest.messageGroupUuid, { after: formatTime(newest.at) })) !== undefined;
}

async function finishMove(
  table: TableRef,
  newest: NewestMessage,
  found: FoundRows,
  move: StartedMove,
  overtaken: false | Promise<boolean>,
): Promise<void> {
  const { ownerUuid, rows, isPut, put, remove, uncheckedFrom } = move;
  const [isBehind, ...deleted] = await Promise.all([overtaken, ...remove.map((row) => deleteRow(table, row))]);
  if (!isPut && (await isInPlace(table, newest, found, move))) return;
  // With no row to delete, nothing shows whether another move is in progress.
  const isUndisturbed = deleted.length > 0 && deleted.every((outcome) => outcome === 'same');
  if (!put || !isUndisturbed) return settleRows(table, newest, { ownerUuid, from: oldestKey(rows) });
  const isCounted = !lostMessage(found, ownerUuid);
  if (isCounted && !isBehind && !uncheckedFrom) return;
  await settleRows(table, newest, { ownerUuid, from: uncheckedFrom ?? put.sk, put: isCounted ? put : undefined });
}

/** Whether a message was deleted that the owner may not have read: the counts so far may include it. */
const lostMessage = ({ batch }: FoundRows, ownerUuid: string) =>
  batch?.deleted.some(({ sender }) => sender.uuid !== ownerUuid) ?? false;

/** Whether rows that are not moved are right without being counted again. An edit of the message that they show is applied. */
async function isInPlace(
  table: TableRef,
  newest: NewestMessage,
  found: FoundRows,
  { ownerUuid, rows }: MemberRows,
): Promise<boolean> {
  const { batch, previousAt } = found;
  if (!batch || lostMessage(found, ownerUuid)) return false;
  const isCreating = batch.created > 0;
  // A group's first message finds its rows as they were created with it.
  if (isCreating && (previousAt !== EPOCH || batch.oldest.sk !== batch.newest.sk)) return false;
  const isRight = (row: MessageGroupRow) =>
    (rowTime(row) === newest.at && shows(row, newest)) ||
    (!isCreating && rowTime(row) > newest.at + DISPLACED_MAX_MICROS);
  if (rows.every(isRight)) return true;
  const [row, ...older] = newestFirst(rows);
  if (isCreating || !row || older.length > 0 || rowTime(row) !== newest.at) return false;
  return updateRow(table, row, { preview: newest });
}
