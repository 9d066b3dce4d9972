import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type MessageGroupRow, messageGroupRow, newestFirst } from '../../members/message-group-row.ts';
import type { Person } from '../../members/person.ts';
import { findNextSortKey } from '../../messages/find-in-thread.ts';
import { meetsCondition } from '../../table/errors.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { formatTime, type Micros } from '../../table/time.ts';
import { oldestKey, queryGroupRows } from './find.ts';
import { type MemberRows, type NewMessage, planMove } from './plan.ts';

// Why put → check → delete is safe:
//
//     move of a   ── put a ──────────── check, delete o ────────────────────────────────
//     move of b   ────────── put b ──────────────────── check, delete o: gone → clean up
//
// 1. Puts come before deletes. A crash leaves one row too many, never none, and the retried batch removes it.
// 2. Two concurrent moves that found the same old row `o` both delete it. The second finds it gone; by then both new
//    rows exist, so it reads the list again and keeps only the newest.
// 3. If they found different rows, the move of the older message sees the newer one in the thread, and cleans up.

type NewestMessage = Pick<NewMessage, 'messageGroupUuid' | 'at' | 'message'> & { sender: Pick<Person, 'uuid'> };

/**
 * Moves the rows of a group's members to its newest message. May be repeated, and run concurrently with other moves
 * of the group. An event that is older than the rows changes nothing.
 *
 * @returns whether a row was put
 */
export async function moveGroupRows(
  table: TableRef,
  newest: NewestMessage,
  members: readonly MemberRows[],
): Promise<boolean> {
  const moves = await Promise.all(members.map((member) => putNewest(table, newest, member)));
  const isPut = moves.some(({ put }) => put !== undefined);
  const overtaken = isPut && isOvertaken(table, newest, moves);
  await Promise.all(moves.map((move) => deleteOlder(table, newest, move, overtaken)));
  return isPut;
}

interface StartedMove extends MemberRows {
  put: MessageGroupRow | undefined;
  remove: MessageGroupRow[];
}

async function putNewest(table: TableRef, newest: NewestMessage, member: MemberRows): Promise<StartedMove> {
  const { put, current, remove } = planMove(member.rows, newest);
  if (!put) return { ...member, put: undefined, remove };
  const { messageGroupUuid: uuid, at, message, sender } = newest;
  const row =
    current ?? messageGroupRow(member.ownerUuid, member.other, { uuid, at, message, senderUuid: sender.uuid });
  // The first move of a row that the origin wrote records on the new row, and so on all later ones, where the origin's messages end.
  const unreadAfter = row.message_user_uuid === undefined ? row.sk : row.unread_after;
  const item = { ...row, unread_after: unreadAfter, message, message_user_uuid: sender.uuid };
  return { ...member, put: await putRow(table, item, at), remove };
}

/** Whether the thread has a newer message. Skipped if every list is read anyway. */
async function isOvertaken(table: TableRef, newest: NewestMessage, moves: readonly StartedMove[]): Promise<boolean> {
  if (moves.every(({ put, uncheckedFrom }) => !put || uncheckedFrom !== undefined)) return false;
  return (await findNextSortKey(table, newest.messageGroupUuid, { after: formatTime(newest.at) })) !== undefined;
}

async function deleteOlder(
  table: TableRef,
  { messageGroupUuid }: NewestMessage,
  { ownerUuid, rows, put, remove, uncheckedFrom }: StartedMove,
  overtaken: false | Promise<boolean>,
): Promise<void> {
  const keepNewest = async (from: string | undefined) => {
    const [, ...older] = newestFirst(await queryGroupRows(table, { ownerUuid, messageGroupUuid, from }));
    await Promise.all(older.map((row) => deleteRow(table, row)));
  };
  const [isBehind, deleted] = await Promise.all([
    overtaken,
    Promise.all(remove.map((row) => deleteRow(table, row))),
    uncheckedFrom === undefined ? undefined : keepNewest(uncheckedFrom),
  ]);
  if (put === undefined) return;
  // With no row to delete, nothing shows whether another move is in progress.
  if (deleted.length === 0 || deleted.includes(false)) await keepNewest(oldestKey(rows));
  else if (isBehind && uncheckedFrom === undefined) await keepNewest(put.sk);
}

/**
 * Puts a group's row. If another group's row of the same owner is at the same microsecond, the row goes one later.
 *
 * @returns the row as it was put
 */
export async function putRow(table: TableRef, row: Omit<MessageGroupRow, 'sk'>, at: Micros): Promise<MessageGroupRow> {
  for (let time = at; ; time++) {
    const item = { ...row, sk: formatTime(time) };
    const put = new PutCommand({
      TableName: table.tableName,
      Item: item,
      ConditionExpression: 'attribute_not_exists(pk) OR message_group_uuid = :uuid',
      ExpressionAttributeValues: { ':uuid': row.message_group_uuid },
    });
    if (await meetsCondition(table.client.send(put))) return item;
  }
}

/**
 * Deletes a group's row, unless another group's row is at its key now.
 *
 * @returns whether it existed
 */
export function deleteRow(table: TableRef, row: MessageGroupRow): Promise<boolean> {
  const remove = new DeleteCommand({
    TableName: table.tableName,
    Key: { pk: row.pk, sk: row.sk },
    ConditionExpression: 'message_group_uuid = :uuid',
    ExpressionAttributeValues: { ':uuid': row.message_group_uuid },
  });
  return meetsCondition(table.client.send(remove));
}
