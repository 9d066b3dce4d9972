import {
  deleteRow,
  findMembers,
  findMessageBefore,
  findSender,
  getRows,
  keys,
  type MessageGroupRow,
  messageGroupRow,
  otherMember,
  type Person,
  parseTime,
  putRow,
  queryRows,
  type TableRef,
} from '@cruddur/ddb';
import type { GroupFold } from './fold-records.ts';
import { planMove, timeOf } from './plan-move.ts';

/** A message whose group nobody is known to be in: it has neither rows nor a members item. */
export class UnknownMessageGroupError extends Error {
  override name = 'UnknownMessageGroupError';
}

/**
 * Pattern E for one group: brings the row of each of its two members to the newest message.
 *
 * A crash after any call leaves at least one row, and the same batch again completes the move. An event that is older
 * than the row changes nothing. Two moves of one group at the same moment end with the newer one (docs/decisions/0004).
 *
 * @returns whether any row was put
 * @throws {UnknownMessageGroupError}
 */
export async function moveMessageGroup(table: TableRef, fold: GroupFold): Promise<boolean> {
  const { messageGroupUuid } = fold;
  const [found, previous] = await Promise.all([
    findMembers({ ...table, findPerson: (uuid) => findPerson(table, fold, uuid) }, messageGroupUuid),
    findMessageBefore(table, messageGroupUuid, fold.oldest.sk),
  ]);
  if (!found) throw new UnknownMessageGroupError(`group ${messageGroupUuid} has no members`);
  // Where the last batch left the rows: at the message before this batch's first. A group is made with its first message.
  const expectedAt = (previous && parseTime(previous.sk)) ?? fold.oldest.at;
  const owners = found.members.map(({ uuid }) => uuid);
  const rows = await getRows(table, messageGroupUuid, [
    ...owners.map((uuid) => keys.messageGroupRow(uuid, expectedAt)),
    ...found.rows,
  ]);
  const moved = await Promise.all(
    found.members.map(async ({ uuid }) => {
      const own = rows.filter(({ pk }) => pk === keys.messageGroups(uuid));
      const standing = await completeRows(table, fold, { ownerUuid: uuid, rows: own, expectedAt });
      return moveRow(table, fold, { ownerUuid: uuid, other: otherMember(found.members, uuid), rows: standing });
    }),
  );
  return moved.includes(true);
}

/** Where no row stands where it should (the origin put it elsewhere, or a batch was cut short), its owner's list is read. */
async function completeRows(
  table: TableRef,
  { messageGroupUuid }: GroupFold,
  input: { ownerUuid: string; rows: MessageGroupRow[]; expectedAt: number },
): Promise<MessageGroupRow[]> {
  const { ownerUuid, rows, expectedAt } = input;
  if (rows.some((row) => timeOf(row) === expectedAt)) return rows;
  const oldest = rows.map(({ sk }) => sk).sort()[0];
  return queryRows(table, { ownerUuid, messageGroupUuid, from: oldest });
}

async function moveRow(
  table: TableRef,
  { messageGroupUuid, newest }: GroupFold,
  input: { ownerUuid: string; other: Person; rows: MessageGroupRow[] },
): Promise<boolean> {
  const { ownerUuid, other, rows } = input;
  const { put, current, remove } = planMove(rows, newest.at);
  if (put) {
    const fresh = messageGroupRow(ownerUuid, other, { uuid: messageGroupUuid, at: newest.at, message: newest.message });
    const { sk: _, ...kept } = current ?? fresh;
    const row = await putRow(table, { ...kept, message: newest.message }, newest.at);
    // Another move of this group may have been under way. Each looks after it has put, so the older one sees the newer.
    const newer = await queryRows(table, { ownerUuid, messageGroupUuid, after: row.sk });
    if (newer.some((each) => timeOf(each) > newest.at)) remove.push(row);
  }
  // Only now: between the two there are two rows, never none.
  await Promise.all(remove.map((row) => deleteRow(table, row)));
  return put;
}

/** Names of somebody whom no row names any more: the newest message's sender, or whoever wrote in the thread. */
async function findPerson(table: TableRef, { messageGroupUuid, newest }: GroupFold, uuid: string) {
  if (newest.sender.uuid === uuid) return newest.sender;
  const item = await findSender(table, messageGroupUuid, uuid);
  return item && { uuid, handle: item.user_handle, displayName: item.user_display_name };
}
