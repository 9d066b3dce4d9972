import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import { v5 } from 'uuid';
import { findMembers, type MembersItem, membersItem } from '../members/members.ts';
import { messageGroupRow } from '../members/message-group-row.ts';
import { type PairItem, pairItem } from '../members/pair.ts';
import type { Person } from '../members/person.ts';
import { messageItem } from '../messages/message.ts';
import { readMarkerItem } from '../read-markers/read-marker.ts';
import { type BatchPutOptions, batchPut } from '../table/batch-put.ts';
import { keys } from '../table/keys.ts';
import type { TableRef } from '../table/table-ref.ts';
import { CONVERSATION } from './seed/conversation.ts';
import { conversationTimes } from './seed/conversation-times.ts';

/** What a call did. */
export type SeedOutcome =
  /** The conversation is there now. */
  | { kind: 'written'; messages: number }
  /** It was there already. */
  | { kind: 'present' }
  /** The two have written to each other in a group of their own, which stays theirs. */
  | { kind: 'other-group'; messageGroupUuid: string }
  /** The group belongs to people of other uuids: those of a database that has since been made anew. */
  | { kind: 'other-people' };

type SeededPair = { andrewbrown: Person; bayko: Person };

/**
 * Writes the seeded conversation between andrewbrown and bayko, its last message at `now`. Doing it again changes
 * nothing; one that was cut short is completed with the times that it began with.
 *
 * @param people - the two, with the uuids that Postgres gave them
 */
export async function seedConversation(
  store: TableRef,
  people: SeededPair,
  options: BatchPutOptions & { now?: Date } = {},
): Promise<SeedOutcome> {
  const { andrewbrown, bayko } = people;
  const earlier = await findEarlierConversation(store, people);
  if (earlier) return earlier;
  const times = conversationTimes(CONVERSATION, await beginSeed(store, people, options.now ?? new Date()));
  const messages = CONVERSATION.map((line, i) =>
    messageItem(SEEDED_MESSAGE_GROUP_UUID, (times[i]?.getTime() ?? 0) * 1000, people[line.from], {
      uuid: v5(`line ${i}`, SEEDED_MESSAGE_GROUP_UUID),
      text: line.text,
    }),
  );
  const last = { uuid: SEEDED_MESSAGE_GROUP_UUID, at: (times.at(-1)?.getTime() ?? 0) * 1000 };
  const newest = messages.at(-1);
  const group = { ...last, message: newest?.message ?? '', senderUuid: newest?.user_uuid ?? '' };
  // The rows come first, so that the stream, which follows the messages, finds them where they belong. Both have read it.
  await batchPut(store, [
    messageGroupRow(andrewbrown.uuid, bayko, group),
    messageGroupRow(bayko.uuid, andrewbrown, group),
    readMarkerItem(andrewbrown.uuid, last.uuid, last.at),
    readMarkerItem(bayko.uuid, last.uuid, last.at),
  ]);
  await batchPut(store, messages, options);
  // The pair comes last: it says that the conversation is complete.
  await batchPut(store, [pairItem(andrewbrown.uuid, bayko.uuid, SEEDED_MESSAGE_GROUP_UUID)]);
  return { kind: 'written', messages: messages.length };
}

/** What stands in the way of a new conversation; nothing where there is none, or one of ours that was cut short. */
async function findEarlierConversation(store: TableRef, people: SeededPair): Promise<SeedOutcome | undefined> {
  const uuids = [people.andrewbrown.uuid, people.bayko.uuid] as const;
  const pair = await get<PairItem>(store, keys.pair(...uuids));
  if (pair && pair.group_uuid !== SEEDED_MESSAGE_GROUP_UUID) {
    return { kind: 'other-group', messageGroupUuid: pair.group_uuid };
  }
  if (pair) return { kind: 'present' };
  const findPerson = () => Promise.resolve(undefined);
  const found = await findMembers({ ...store, findPerson }, SEEDED_MESSAGE_GROUP_UUID);
  if (!found) return undefined;
  if (!found.members.every(({ uuid }) => uuids.includes(uuid))) return { kind: 'other-people' };
  // The origin seeded the same group: its conversation says nothing of when it began.
  return (await getSeededAt(store)) === undefined ? { kind: 'present' } : undefined;
}

async function getSeededAt(store: TableRef): Promise<string | undefined> {
  const key = keys.members(SEEDED_MESSAGE_GROUP_UUID);
  return (await get<MembersItem & { seeded_at?: string }>(store, key))?.seeded_at;
}

/** Notes when the conversation ends, the first time; a later call gets the same time. */
async function beginSeed(store: TableRef, people: SeededPair, now: Date): Promise<Date> {
  const begun = await getSeededAt(store);
  if (begun !== undefined) return new Date(begun);
  const members = membersItem(SEEDED_MESSAGE_GROUP_UUID, [people.andrewbrown, people.bayko]);
  const Item = { ...members, seeded_at: now.toISOString() };
  await store.client.send(new PutCommand({ TableName: store.tableName, Item }));
  return now;
}

async function get<Item>(store: TableRef, key: { pk: string; sk: string }): Promise<Item | undefined> {
  const { Item } = await store.client.send(
    new GetCommand({ TableName: store.tableName, Key: key, ConsistentRead: true }),
  );
  return Item as Item | undefined;
}
