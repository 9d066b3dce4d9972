import {
  findNextSortKey,
  findSender,
  formatTime,
  getMembers,
  getRows,
  keys,
  listIndexedRows,
  type Members,
  type MessageGroupRow,
  membersOfRows,
  type OwnedRows,
  otherMember,
  parseTime,
  queryRows,
  rowOwnerOf,
  type TableRef,
  timeOf,
} from '@cruddur/ddb';
import type { GroupFold } from './fold-records.ts';

/** A message whose group nobody is known to be in: it has neither rows nor a members item. */
class UnknownMessageGroupError extends Error {
  override name = 'UnknownMessageGroupError';
}

/**
 * Finds both members' rows of a group, in one step where nothing has gone wrong: the thread, strongly consistent, tells
 * where the last batch left them, and the index shows one there for each member. Should they be gone nevertheless, their
 * removal will tell. In every other case each row is looked for.
 *
 * @throws {UnknownMessageGroupError}
 */
export async function findRows(table: TableRef, fold: GroupFold): Promise<OwnedRows[]> {
  const { messageGroupUuid, oldest, newest } = fold;
  const [previous, indexed] = await Promise.all([
    findNextSortKey(table, messageGroupUuid, { before: oldest.sk }),
    listIndexedRows(table, messageGroupUuid),
  ]);
  // At the message before this batch's first. A group is made with its first message.
  const expectedAt = (previous === undefined ? undefined : parseTime(previous)) ?? oldest.at;
  // A batch of several may have been cut short before, when it was smaller: then a row stands at one of them.
  const unreadFrom = oldest === newest ? undefined : formatTime(oldest.at);
  const pair = pairAt(indexed, expectedAt);
  return pair?.map((each) => ({ ...each, unreadFrom })) ?? searchRows(table, fold, { expectedAt, unreadFrom, indexed });
}

/** The rows of the index as the two members' own, where it shows one for each, and both stand where they should. */
function pairAt(indexed: readonly MessageGroupRow[], expectedAt: number): OwnedRows[] | undefined {
  const [one, other, ...more] = indexed;
  if (!one || !other || more.length > 0) return undefined;
  const isPair = rowOwnerOf(one.pk) === other.user_uuid && rowOwnerOf(other.pk) === one.user_uuid;
  if (!isPair || one.user_uuid === other.user_uuid || indexed.some((row) => timeOf(row) !== expectedAt))
    return undefined;
  return indexed.map((row) => ({
    ownerUuid: rowOwnerOf(row.pk) ?? '',
    other: { uuid: row.user_uuid, handle: row.user_handle, displayName: row.user_display_name },
    rows: [row],
  }));
}

/** Looks for the rows by key where the thread and the index suggest them, strongly consistent. */
async function searchRows(
  table: TableRef,
  fold: GroupFold,
  known: { expectedAt: number; unreadFrom: string | undefined; indexed: MessageGroupRow[] },
): Promise<OwnedRows[]> {
  const { messageGroupUuid } = fold;
  const { expectedAt, unreadFrom, indexed } = known;
  const members = await findMembers(table, fold, indexed);
  const suggested = members.map(({ uuid }) => keys.messageGroupRow(uuid, expectedAt));
  const rows = await getRows(table, messageGroupUuid, [...suggested, ...indexed]);
  return Promise.all(
    members.map(async ({ uuid: ownerUuid }) => {
      const other = otherMember(members, ownerUuid);
      const own = rows.filter(({ pk }) => pk === keys.messageGroups(ownerUuid));
      if (own.some((row) => timeOf(row) === expectedAt)) return { ownerUuid, other, rows: own, unreadFrom };
      // The origin put it elsewhere, or batches were given up: the list is read from the oldest row known, or all of it.
      const [from] = own.map(({ sk }) => sk).sort();
      return { ownerUuid, other, rows: await queryRows(table, { ownerUuid, messageGroupUuid, from }) };
    }),
  );
}

async function findMembers(table: TableRef, fold: GroupFold, indexed: MessageGroupRow[]): Promise<Members> {
  const { messageGroupUuid } = fold;
  const known = await getMembers(table, messageGroupUuid);
  const members = known ?? (await membersOfRows({ findPerson: (uuid) => findPerson(table, fold, uuid) }, indexed));
  if (!members) throw new UnknownMessageGroupError(`group ${messageGroupUuid} has no members`);
  return members;
}

/** Names of somebody whom no row names any more: the newest message's sender, or whoever wrote in the thread. */
async function findPerson(table: TableRef, { messageGroupUuid, newest }: GroupFold, uuid: string) {
  if (newest.sender.uuid === uuid) return newest.sender;
  const item = await findSender(table, messageGroupUuid, { is: uuid });
  return item && { uuid, handle: item.user_handle, displayName: item.user_display_name };
}
