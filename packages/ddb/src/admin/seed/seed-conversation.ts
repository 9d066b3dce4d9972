import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import { v5 } from 'uuid';
import * as z from 'zod/mini';
import { findMembers, membersItem } from '../../members/members.ts';
import { messageGroupRow } from '../../members/message-group-row.ts';
import { pairItem, pairSchema } from '../../members/pair.ts';
import type { Person } from '../../members/person.ts';
import { readMarkerItem } from '../../members/read-marker.ts';
import { messageItem } from '../../messages/message.ts';
import { batchPut } from '../../table/batch.ts';
import { keys } from '../../table/keys.ts';
import { getItem } from '../../table/query-items.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { EPOCH, type Micros, micros } from '../../table/time.ts';
import { CONVERSATION, type SeededLine } from './conversation.ts';

export type SeedOutcome =
  | { kind: 'written'; messages: number }
  /** It already existed. */
  | { kind: 'present' }
  /** The two already have another group, which is unchanged. */
  | { kind: 'other-group'; messageGroupUuid: string }
  /** The group belongs to other uuids, from a database that was recreated since. */
  | { kind: 'other-people' };

type SeededPair = { andrewbrown: Person; bayko: Person };

/**
 * Writes the seeded conversation between andrewbrown and bayko, with the last message at `now`. Safe to run again: an
 * interrupted run is completed with its original times.
 *
 * @param people - with their uuids from Postgres
 */
export async function seedConversation(
  store: TableRef,
  people: SeededPair,
  options: { now?: Date; onProgress?: (done: number, total: number) => void } = {},
): Promise<SeedOutcome> {
  const { andrewbrown, bayko } = people;
  const earlier = await findEarlierConversation(store, people);
  if (earlier) return earlier;
  const times = conversationTimes(CONVERSATION, await beginSeed(store, people, options.now ?? new Date()));
  const messages = CONVERSATION.map((line, i) =>
    messageItem(SEEDED_MESSAGE_GROUP_UUID, times[i] ?? EPOCH, people[line.from], {
      uuid: v5(`line ${i}`, SEEDED_MESSAGE_GROUP_UUID),
      text: line.text,
    }),
  );
  const uuid = SEEDED_MESSAGE_GROUP_UUID;
  const at = times.at(-1) ?? EPOCH;
  const unread = { count: 0, after: at, through: at };
  const { message = '', user_uuid: senderUuid = '' } = messages.at(-1) ?? {};
  const group = { uuid, at, message, senderUuid, unread };
  // Rows first: the Lambda then has nothing to move. The markers make the conversation read.
  await batchPut(store, [
    messageGroupRow(andrewbrown.uuid, bayko, group),
    messageGroupRow(bayko.uuid, andrewbrown, group),
    readMarkerItem(andrewbrown.uuid, uuid, at),
    readMarkerItem(bayko.uuid, uuid, at),
  ]);
  await batchPut(store, messages, options.onProgress);
  // The pair item last: it marks the conversation as complete.
  await batchPut(store, [pairItem(andrewbrown.uuid, bayko.uuid, SEEDED_MESSAGE_GROUP_UUID)]);
  return { kind: 'written', messages: messages.length };
}

/** Finds a conversation that prevents seeding. Undefined if there is none, or only an interrupted run. */
async function findEarlierConversation(store: TableRef, people: SeededPair): Promise<SeedOutcome | undefined> {
  const uuids = [people.andrewbrown.uuid, people.bayko.uuid] as const;
  const pair = await getItem(store, pairSchema, keys.pair(...uuids));
  const messageGroupUuid = pair?.group_uuid;
  if (messageGroupUuid === SEEDED_MESSAGE_GROUP_UUID) return { kind: 'present' };
  if (messageGroupUuid !== undefined) return { kind: 'other-group', messageGroupUuid };
  const found = await findMembers({ ...store, findPerson: async () => undefined }, SEEDED_MESSAGE_GROUP_UUID);
  if (!found) return undefined;
  if (!found.members.every(({ uuid }) => uuids.includes(uuid))) return { kind: 'other-people' };
  // Without a time of seeding, it is the origin's conversation.
  return (await getSeededAt(store)) === undefined ? { kind: 'present' } : undefined;
}

async function getSeededAt(store: TableRef): Promise<string | undefined> {
  const key = keys.members(SEEDED_MESSAGE_GROUP_UUID);
  return (await getItem(store, z.object({ seeded_at: z.optional(z.string()) }), key))?.seeded_at;
}

/** Stores the end time of the conversation, or returns the one that an earlier run stored. */
async function beginSeed(store: TableRef, people: SeededPair, now: Date): Promise<Date> {
  const begun = await getSeededAt(store);
  if (begun !== undefined) return new Date(begun);
  const members = membersItem(SEEDED_MESSAGE_GROUP_UUID, [people.andrewbrown, people.bayko]);
  const Item = { ...members, seeded_at: now.toISOString() };
  await store.client.send(new PutCommand({ TableName: store.tableName, Item }));
  return now;
}

/** The time of each line, with the last one at `endsAt`. */
export function conversationTimes(lines: readonly Pick<SeededLine, 'minutesAfterPrevious'>[], endsAt: Date): Micros[] {
  const times: Micros[] = [];
  let at = endsAt.getTime();
  for (const { minutesAfterPrevious } of lines.toReversed()) {
    times.push(micros(at * 1000));
    at -= Math.round(minutesAfterPrevious * 60_000);
  }
  return times.reverse();
}
