import { getMembers, type Members, membersOfRows, otherMember } from '../../members/members.ts';
import {
  listIndexedRows,
  type MessageGroupRow,
  messageGroupRowSchema,
  rowTime,
} from '../../members/message-group-row.ts';
import { personOf } from '../../members/person.ts';
import { findSender } from '../../messages/find-in-thread.ts';
import { readThreadEnd } from '../../messages/thread-end.ts';
import { batchGet } from '../../table/batch.ts';
import { UnknownMessageGroupError } from '../../table/errors.ts';
import { type Key, keys, rowOwnerOf } from '../../table/keys.ts';
import { allItems, inPartition } from '../../table/query-items.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { EPOCH, formatTime, type Micros, parseTime } from '../../table/time.ts';
import { type FoundRows, type GroupBatch, type MemberRows, type NewestMessage, toNewestMessage } from './plan.ts';

/** The rows of a group's members, and the message that a batch moves them to. */
export interface FoundGroup extends FoundRows {
  newest: NewestMessage;
}

/**
 * Finds both members' rows of a group. A row has the time of a message, and the thread is strongly consistent: it shows
 * where the last batch left the rows. If the index, read in parallel, has one row per member there, these are the rows;
 * if another move deletes them first, ours notices when it deletes them. Otherwise the rows are read by key or from the lists.
 *
 * A batch without new messages finds the rows at its newest one, or later.
 *
 * @returns `undefined` if the thread has no message of the batch and none before it: an operator removed them
 * @throws {UnknownMessageGroupError} if the group has neither rows nor a members item
 */
export async function findGroupRows(table: TableRef, batch: GroupBatch): Promise<FoundGroup | undefined> {
  const { messageGroupUuid, oldest, newest, created } = batch;
  const range = { newest: newest.sk, oldest: oldest.sk, count: Math.max(created, 1) };
  const [end, indexed] = await Promise.all([
    readThreadEnd(table, messageGroupUuid, range),
    listIndexedRows(table, messageGroupUuid),
  ]);
  if (!end.newest) return undefined;
  const previousAt = end.previous === undefined ? EPOCH : parseTime(end.previous);
  // At the message before this batch's first. A group is created with its first message.
  const expectedAt = created > 0 ? previousAt || oldest.at : newest.at;
  // A batch of several messages may repeat a smaller one that was cut short: a row may be at any of them.
  const uncheckedFrom = oldest.sk === newest.sk ? undefined : formatTime(oldest.at);
  const isExpected = (row: MessageGroupRow) => (created > 0 ? rowTime(row) === expectedAt : rowTime(row) >= expectedAt);
  const pair = pairOf(indexed);
  const members = pair?.every(({ rows }) => rows.every(isExpected))
    ? pair.map((member) => ({ ...member, uncheckedFrom }))
    : await searchRows(table, batch, { expectedAt, uncheckedFrom, indexed });
  return { newest: toNewestMessage(messageGroupUuid, end.newest), members, batch, span: end.span, previousAt };
}

/** The rows of the index, if they are one per member. */
function pairOf(indexed: readonly MessageGroupRow[]): MemberRows[] | undefined {
  const [one, other, ...more] = indexed;
  if (!one || !other || more.length > 0 || one.user_uuid === other.user_uuid) return undefined;
  const isPair = rowOwnerOf(one.pk) === other.user_uuid && rowOwnerOf(other.pk) === one.user_uuid;
  if (!isPair) return undefined;
  return indexed.map((row) => ({ ownerUuid: rowOwnerOf(row.pk) ?? '', other: personOf(row), rows: [row] }));
}

/** Reads the rows by key, strongly consistent, where the thread and the index suggest them. */
async function searchRows(
  table: TableRef,
  batch: GroupBatch,
  { expectedAt, uncheckedFrom, indexed }: { expectedAt: Micros; uncheckedFrom?: string; indexed: MessageGroupRow[] },
): Promise<MemberRows[]> {
  const { messageGroupUuid } = batch;
  const members = await findMembersAmong(table, batch, indexed);
  const suggested = members.map(({ uuid }) => keys.messageGroupRow(uuid, expectedAt));
  const wanted = new Map<string, Key>([...suggested, ...indexed].map((key) => [`${key.pk} ${key.sk}`, key]));
  const found = await batchGet(table, messageGroupRowSchema, [...wanted.values()]);
  const rows = found.filter((row) => row.message_group_uuid === messageGroupUuid);
  return Promise.all(
    members.map(async ({ uuid: ownerUuid }) => {
      const other = otherMember(members, ownerUuid);
      const own = rows.filter(({ pk }) => pk === keys.messageGroups(ownerUuid));
      if (own.some((row) => rowTime(row) === expectedAt)) return { ownerUuid, other, rows: own, uncheckedFrom };
      // The origin wrote it elsewhere, or earlier batches failed for good.
      const from = oldestKey(own);
      return { ownerUuid, other, rows: await queryGroupRows(table, { ownerUuid, messageGroupUuid, from }) };
    }),
  );
}

async function findMembersAmong(table: TableRef, batch: GroupBatch, indexed: MessageGroupRow[]): Promise<Members> {
  const { messageGroupUuid, newest } = batch;
  const findPerson = async (uuid: string) => {
    if (newest.sender.uuid === uuid) return newest.sender;
    const item = await findSender(table, messageGroupUuid, { is: uuid });
    return item && personOf(item);
  };
  const members = (await getMembers(table, messageGroupUuid)) ?? (await membersOfRows({ findPerson }, indexed));
  if (!members) throw new UnknownMessageGroupError(messageGroupUuid);
  return members;
}

/**
 * The rows of a group in its owner's list, strongly consistent: all of them, or those from a sort key on. Reads every
 * row of the owner in that span, which is expensive without `from`.
 */
export function queryGroupRows(
  table: TableRef,
  { ownerUuid, messageGroupUuid, from = '0' }: { ownerUuid: string; messageGroupUuid: string; from?: string },
): Promise<MessageGroupRow[]> {
  return allItems(table, messageGroupRowSchema, {
    // `0` sorts before every time.
    ...inPartition(keys.messageGroups(ownerUuid), 'sk >= :from', { ':from': from, ':uuid': messageGroupUuid }),
    FilterExpression: 'message_group_uuid = :uuid',
    ConsistentRead: true,
  });
}

/** The smallest sort key of the rows; undefined without rows. */
export function oldestKey(rows: readonly MessageGroupRow[]): string | undefined {
  return rows.map(({ sk }) => sk).sort()[0];
}
