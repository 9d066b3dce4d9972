import {
  findMembers,
  findNewestMessage,
  findSender,
  formatTime,
  getRows,
  keys,
  type MessageGroupRow,
  otherMember,
  parseTime,
  placeRow,
  queryRows,
  type TableRef,
  timeOf,
} from '@cruddur/ddb';
import type { GroupFold } from './fold-records.ts';

/** A message whose group nobody is known to be in: it has neither rows nor a members item. */
class UnknownMessageGroupError extends Error {
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
    findNewestMessage(table, messageGroupUuid, fold.oldest.sk),
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
      return placeRow(table, {
        ownerUuid: uuid,
        other: otherMember(found.members, uuid),
        newest: { ...fold.newest, senderUuid: fold.newest.sender.uuid },
        rows: standing,
      });
    }),
  );
  return moved.includes(true);
}

/**
 * Adds the rows that neither the thread's last message before this batch nor the index told of.
 *
 * - A batch of several messages may have been cut short before, when it was smaller: then a row stands at one of them.
 * - No row where the last batch should have left it: the origin put it elsewhere, or batches were given up. Then the
 *   owner's list is read from the oldest row known, or all of it.
 */
async function completeRows(
  table: TableRef,
  { messageGroupUuid, oldest, newest }: GroupFold,
  input: { ownerUuid: string; rows: MessageGroupRow[]; expectedAt: number },
): Promise<MessageGroupRow[]> {
  const { ownerUuid, rows, expectedAt } = input;
  if (!rows.some((row) => timeOf(row) === expectedAt)) {
    const from = rows.map(({ sk }) => sk).sort()[0];
    return queryRows(table, { ownerUuid, messageGroupUuid, span: from === undefined ? undefined : { from } });
  }
  if (oldest === newest) return rows;
  const span = { from: formatTime(oldest.at), to: formatTime(newest.at) };
  const between = await queryRows(table, { ownerUuid, messageGroupUuid, span });
  return [...new Map([...rows, ...between].map((row) => [row.sk, row])).values()];
}

/** Names of somebody whom no row names any more: the newest message's sender, or whoever wrote in the thread. */
async function findPerson(table: TableRef, { messageGroupUuid, newest }: GroupFold, uuid: string) {
  if (newest.sender.uuid === uuid) return newest.sender;
  const item = await findSender(table, messageGroupUuid, { is: uuid });
  return item && { uuid, handle: item.user_handle, displayName: item.user_display_name };
}
