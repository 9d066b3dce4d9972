import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { LRUCache } from 'lru-cache';
import pMap from 'p-map';
import * as z from 'zod/mini';
import { batchGet } from '../table/batch.ts';
import { MessageStoreError } from '../table/errors.ts';
import { keys, rowOwnerOf } from '../table/keys.ts';
import { itemSchema } from '../table/parse-items.ts';
import { getItem } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { listIndexedRows, type MessageGroupRow } from './message-group-row.ts';
import { namedIn, type Person, personOf, personShape, type WithPeople } from './person.ts';

export type Members = readonly [Person, Person];
export type MemberUuids = readonly [string, string];

/**
 * The item of a group's two members. The origin has none, and reads them from the index, which may lag. The names are those
 * at the group's creation: no one can change their name yet.
 */
export const membersSchema = itemSchema({
  pk: z.string(),
  sk: z.string(),
  group_uuid: z.string(),
  members: z.tuple([z.object(personShape), z.object(personShape)]),
});

export function membersItem(messageGroupUuid: string, [one, other]: Members): z.output<typeof membersSchema> {
  return { ...keys.members(messageGroupUuid), group_uuid: messageGroupUuid, members: [namedIn(one), namedIn(other)] };
}

/** Writes the item of a group's two members: for a group that the origin wrote, or to repair one. */
export async function putMembers(table: TableRef, messageGroupUuid: string, members: Members): Promise<void> {
  const put = new PutCommand({ TableName: table.tableName, Item: membersItem(messageGroupUuid, members) });
  await table.client.send(put, { abortSignal: table.signal });
}

export interface MembersStore extends TableRef, WithPeople {
  /** By group; they never change. */
  knownMembers: LRUCache<string, Members>;
}

/**
 * Checks that the caller is a member of a group, and returns its two members. An absent group and one of other people
 * cost the same calls and cause the same refusal.
 *
 * @throws {MessageStoreError} `message_group_not_found`
 */
export async function requireMembership(
  store: MembersStore,
  { messageGroupUuid, callerUuid }: { messageGroupUuid: string; callerUuid: string },
): Promise<Members> {
  const isMember = (members: Members) => members.some(({ uuid }) => uuid === callerUuid);
  const known = store.knownMembers.get(messageGroupUuid);
  if (known && isMember(known)) return known;
  const found = await findMembers(store, messageGroupUuid);
  if (!found || !isMember(found.members)) throw new MessageStoreError('message_group_not_found');
  const { members } = found;
  if (found.from === 'index') await putMembers(store, messageGroupUuid, members);
  store.knownMembers.set(messageGroupUuid, members);
  return members;
}

export function otherMember([one, other]: Members, userUuid: string): Person {
  return one.uuid === userUuid ? other : one;
}

/**
 * Finds the two members of a group: by our item, strongly consistent, or by the rows in the index, for a group that the
 * origin wrote. Both are read in parallel, so that every answer takes equally long.
 */
export async function findMembers(
  table: TableRef & WithPeople,
  messageGroupUuid: string,
): Promise<{ members: Members; from: 'item' | 'index' } | undefined> {
  const [known, rows] = await Promise.all([
    getMembers(table, messageGroupUuid),
    listIndexedRows(table, messageGroupUuid),
  ]);
  if (known) return { members: known, from: 'item' };
  const members = await membersOfRows(table, rows);
  return members && { members, from: 'index' };
}

/** The two members of a group by our item, strongly consistent. A group that the origin wrote may lack it. */
export async function getMembers(table: TableRef, messageGroupUuid: string): Promise<Members | undefined> {
  const item = await getItem(table, membersSchema, keys.members(messageGroupUuid));
  return item && [personOf(item.members[0]), personOf(item.members[1])];
}

/**
 * The two members by a group's rows: each row is owned by one and names the other. If the origin lost a row, the names of
 * the other row's owner are looked up.
 */
export async function membersOfRows(
  { findPerson }: WithPeople,
  rows: readonly MessageGroupRow[],
): Promise<Members | undefined> {
  const people = new Map(rows.map((row) => [row.user_uuid, personOf(row)]));
  for (const { pk } of rows) {
    const owner = rowOwnerOf(pk);
    if (!owner || people.has(owner)) continue;
    const person = await findPerson(owner);
    if (person) people.set(owner, person);
  }
  const [one, other, ...more] = people.values();
  return one && other && more.length === 0 ? [one, other] : undefined;
}

/**
 * Finds the two members of each of some groups, without their names: by our items, strongly consistent, and for groups that the origin
 * wrote by the rows in the index. Groups whose members are unknown are left out.
 */
export async function findMemberUuids(
  table: TableRef,
  messageGroupUuids: readonly string[],
): Promise<Map<string, MemberUuids>> {
  const wanted = messageGroupUuids.map((uuid) => keys.members(uuid));
  const items = await batchGet(table, membersSchema, wanted);
  const found = new Map<string, MemberUuids>(
    items.map(({ group_uuid, members: [one, other] }) => [group_uuid, [one.user_uuid, other.user_uuid]]),
  );
  const findPerson = async (uuid: string): Promise<Person> => ({ uuid, handle: '', displayName: '' });
  const findByRows = async (messageGroupUuid: string) => {
    const members = await membersOfRows({ findPerson }, await listIndexedRows(table, messageGroupUuid));
    if (members) found.set(messageGroupUuid, [members[0].uuid, members[1].uuid]);
  };
  const unknown = messageGroupUuids.filter((uuid) => !found.has(uuid));
  await pMap(unknown, findByRows, { concurrency: 10 });
  return found;
}
