import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import { v5 } from 'uuid';
import { batchPut } from './batch-put.ts';
import { keys } from './keys.ts';
import { type MembersItem, membersItem } from './members.ts';
import { messageItem } from './message.ts';
import { messageGroupRow } from './message-group.ts';
import { type PairItem, pairItem } from './pair.ts';
import { CONVERSATION } from './seed/conversation.ts';
import { conversationTimes } from './seed/conversation-times.ts';
import type { CallOptions, Person, TableRef } from './store.ts';

/** What a call did. */
export type SeedOutcome =
  /** The conversation is there now. */
  | { kind: 'written'; messages: number }
  /** It was there already. */
  | { kind: 'present' }
  /** The two have written to each other in a group of their own, which stays theirs. */
  | { kind: 'other-group'; messageGroupUuid: string };

/**
 * Writes the seeded conversation between andrewbrown and bayko, its last message at `now`. Doing it again changes
 * nothing; one that was cut short is completed with the times that it began with.
 *
 * @param people - the two, with the uuids that Postgres gave them
 */
export async function seedConversation(
  store: TableRef,
  people: { andrewbrown: Person; bayko: Person },
  options: CallOptions & { now?: Date; onProgress?: (done: number, total: number) => void } = {},
): Promise<SeedOutcome> {
  const { andrewbrown, bayko } = people;
  const pair = await get<PairItem>(store, keys.pair(andrewbrown.uuid, bayko.uuid));
  if (pair && pair.group_uuid !== SEEDED_MESSAGE_GROUP_UUID) {
    return { kind: 'other-group', messageGroupUuid: pair.group_uuid };
  }
  if (pair) return { kind: 'present' };
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
  // The rows come first, so that the stream, which follows the messages, finds them where they belong.
  await batchPut(store, [
    messageGroupRow(andrewbrown.uuid, bayko, group),
    messageGroupRow(bayko.uuid, andrewbrown, group),
  ]);
  for (let i = 0; i < messages.length; i += 25) {
    await batchPut(store, messages.slice(i, i + 25), options);
    options.onProgress?.(Math.min(i + 25, messages.length), messages.length);
  }
  // The pair comes last: it says that the conversation is complete.
  await batchPut(store, [pairItem(andrewbrown.uuid, bayko.uuid, SEEDED_MESSAGE_GROUP_UUID)]);
  return { kind: 'written', messages: messages.length };
}

/** Notes when the conversation ends, the first time; a later call gets the same time. */
async function beginSeed(store: TableRef, people: { andrewbrown: Person; bayko: Person }, now: Date): Promise<Date> {
  const key = keys.members(SEEDED_MESSAGE_GROUP_UUID);
  const begun = await get<MembersItem & { seeded_at?: string }>(store, key);
  if (begun?.seeded_at) return new Date(begun.seeded_at);
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
