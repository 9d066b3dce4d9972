import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { LRUCache } from 'lru-cache';
import { MessageStoreError } from '../table/errors.ts';
import { keys, rowOwnerOf } from '../table/keys.ts';
import { type CallOptions, httpOptions, type TableRef } from '../table/table-ref.ts';
import type { MessageGroupRow } from './message-group-row.ts';
import { listIndexedRows } from './message-group-row.ts';
import { type Person, personOf, type WithPeople } from './person.ts';

/** The two people of a group. */
export type Members = readonly [Person, Person];

/** Who the two members of a group are: an item of ours, so that membership does not hang on an index that may lag. */
export interface MembersItem {
  pk: string;
  sk: string;
  group_uuid: string;
  /** With the names of when the group began: nobody can change theirs, so copies stay true. */
  members: { user_uuid: string; user_handle: string; user_display_name: string }[];
}

/** The item of a group's two members. */
export function membersItem(messageGroupUuid: string, members: Members): MembersItem {
  return {
    ...keys.members(messageGroupUuid),
    group_uuid: messageGroupUuid,
    members: members.map((person) => ({
      user_uuid: person.uuid,
      user_handle: person.handle,
      user_display_name: person.displayName,
    })),
  };
}

/** A table whose groups' members are kept in memory: they never change. */
export interface MembersStore extends TableRef, WithPeople {
  knownMembers: LRUCache<string, Members>;
}

/**
 * Checks that the caller is a member of a group, and returns its two members. A group that is absent and one that the
 * caller is no member of take the same calls and cause the same refusal.
 *
 * @throws {MessageStoreError} `message_group_not_found`
 */
export async function requireMembership(
  store: MembersStore,
  input: { messageGroupUuid: string; callerUuid: string },
  options?: CallOptions,
): Promise<Members> {
  const isMember = (members: Members) => members.some(({ uuid }) => uuid === input.callerUuid);
  const known = store.knownMembers.get(input.messageGroupUuid);
  if (known && isMember(known)) return known;
  const found = await findMembers(store, input.messageGroupUuid, options);
  if (!found || !isMember(found.members)) throw new MessageStoreError('message_group_not_found');
  if (found.from === 'index') await putMembers(store, input.messageGroupUuid, found.members, options);
  store.knownMembers.set(input.messageGroupUuid, found.members);
  return found.members;
}

/** The other one of a group's two members. */
export function otherMember(members: Members, userUuid: string): Person {
  return members[0].uuid === userUuid ? members[1] : members[0];
}

/** The two members of a group, and how they were found. */
export interface FoundMembers {
  members: Members;
  from: 'item' | 'index';
  /** The group's rows as the index shows them; it may lag. */
  rows: MessageGroupRow[];
}

/**
 * Finds the two members of a group: by our item, strongly consistent, or for a group that the origin wrote by the rows
 * in the index. Both are asked at once, so that every answer takes as long.
 */
export async function findMembers(
  store: TableRef & WithPeople,
  messageGroupUuid: string,
  options?: CallOptions,
): Promise<FoundMembers | undefined> {
  const [known, rows] = await Promise.all([
    getMembers(store, messageGroupUuid, options),
    listIndexedRows(store, messageGroupUuid, options),
  ]);
  if (known) return { members: known, from: 'item', rows };
  const members = await membersOfRows(store, rows);
  return members && { members, from: 'index', rows };
}

/** The two members of a group by our item, strongly consistent; a group that the origin wrote may have none. */
export async function getMembers(
  store: TableRef,
  messageGroupUuid: string,
  options?: CallOptions,
): Promise<Members | undefined> {
  const { Item } = await store.client.send(
    new GetCommand({ TableName: store.tableName, Key: keys.members(messageGroupUuid), ConsistentRead: true }),
    httpOptions(options),
  );
  return Item && toMembers(Item as MembersItem);
}

function toMembers(item: MembersItem): Members | undefined {
  const [one, other] = item.members.map(personOf);
  return one && other ? [one, other] : undefined;
}

async function putMembers(
  store: TableRef,
  messageGroupUuid: string,
  members: Members,
  options?: CallOptions,
): Promise<void> {
  await store.client.send(
    new PutCommand({ TableName: store.tableName, Item: membersItem(messageGroupUuid, members) }),
    httpOptions(options),
  );
}

/**
 * Reads the two members off a group's rows: each row is owned by one and names the other. Where the origin lost a row,
 * the remaining one names its absent owner's counterpart, and the owner's own names are looked up.
 */
export async function membersOfRows(store: WithPeople, rows: readonly MessageGroupRow[]): Promise<Members | undefined> {
  const people = new Map<string, Person>();
  for (const row of rows) people.set(row.user_uuid, personOf(row));
  for (const row of rows) {
    const owner = rowOwnerOf(row.pk);
    if (!owner || people.has(owner)) continue;
    const person = await store.findPerson(owner);
    if (person) people.set(owner, person);
  }
  const [one, other, ...more] = people.values();
  return one && other && more.length === 0 ? [one, other] : undefined;
}
