import { type MessageGroupRow, messageGroupRow, rowTime } from '../../members/message-group-row.ts';
import { findNextSortKey } from '../../messages/find-in-thread.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { EPOCH, formatTime } from '../../table/time.ts';
import { countForMove } from './count.ts';
import { oldestKey } from './find.ts';
import { type FoundRows, type MemberRows, type NewestMessage, planMove } from './plan.ts';
import { settleRows } from './settle.ts';
import { deleteRow, putRow } from './write-row.ts';

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

/**
 * Moves the rows of a group's members to its newest message, with the counts of what they have not read. May be
 * repeated, and run concurrently with other moves of the group. An event that is older than the rows moves nothing;
 * they are counted again.
 *
 * @returns whether a row was put
 */
export async function moveGroupRows(table: TableRef, newest: NewestMessage, found: FoundRows): Promise<boolean> {
  const plans = found.members.map((member) => planRow(newest, member));
  const planned = plans.filter(({ put }) => put);
  const counts = await countForMove(table, newest, found, planned);
  const isMoved = planned.length > 0;
  const moves = await Promise.all(
    plans.map(async (plan) => ({
      ...plan,
      put: plan.put ? await putRow(table, plan.row, newest.at, counts[planned.indexOf(plan)]) : undefined,
    })),
  );
  const overtaken = isMoved && isOvertaken(table, newest, moves);
  // A group's first message finds its rows as they were created with it.
  const isFirst = found.isLone === true && found.previousAt === EPOCH;
  await Promise.all(moves.map((move) => finishMove(table, newest, move, overtaken, isFirst)));
  return isMoved;
}

interface StartedMove extends MemberRows {
  put: MessageGroupRow | undefined;
  remove: MessageGroupRow[];
}

function planRow({ messageGroupUuid: uuid, at, message, sender }: NewestMessage, member: MemberRows) {
  const { put, current, remove } = planMove(member.rows, { at, message });
  const row =
    current ?? messageGroupRow(member.ownerUuid, member.other, { uuid, at, message, senderUuid: sender.uuid });
  // The first move of a row that the origin wrote records on the new row, and so on all later ones, where the origin's messages end.
  const unreadAfter = row.message_user_uuid === undefined ? row.sk : row.unread_after;
  return {
    ...member,
    put,
    remove,
    row: { ...row, unread_after: unreadAfter, message, message_user_uuid: sender.uuid },
  };
}

/** Whether the thread has a newer message. Skipped if every list is read anyway. */
async function isOvertaken(table: TableRef, newest: NewestMessage, moves: readonly StartedMove[]): Promise<boolean> {
  if (moves.every(({ put, uncheckedFrom }) => !put || uncheckedFrom !== undefined)) return false;
  return (await findNextSortKey(table, newest.messageGroupUuid, { after: formatTime(newest.at) })) !== undefined;
}

async function finishMove(
  table: TableRef,
  { messageGroupUuid, at }: NewestMessage,
  { ownerUuid, rows, put, remove, uncheckedFrom }: StartedMove,
  overtaken: false | Promise<boolean>,
  isFirst: boolean,
): Promise<void> {
  const [isBehind, ...deleted] = await Promise.all([overtaken, ...remove.map((row) => deleteRow(table, row))]);
  // With no row to delete, nothing shows whether another move is in progress.
  const isUndisturbed = deleted.length > 0 && deleted.every((outcome) => outcome === 'same');
  const owned = { ownerUuid, messageGroupUuid };
  if (put && isUndisturbed) {
    if (isBehind || uncheckedFrom) await settleRows(table, { ...owned, from: uncheckedFrom ?? put.sk, counted: put });
    return;
  }
  const isCreated = !put && isFirst && rows.every((row) => rowTime(row) === at);
  if (!isCreated) await settleRows(table, { ...owned, from: oldestKey(rows) });
}
