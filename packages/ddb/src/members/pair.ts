import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { LRUCache } from 'lru-cache';
import pMap from 'p-map';
import * as z from 'zod/mini';
import { batchGet } from '../table/batch.ts';
import { keys } from '../table/keys.ts';
import { allItems, getItem, inPartition } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { messageGroupRowSchema } from './message-group-row.ts';

/** Which group two people have. A condition on this item keeps a pair to one group. */
export const pairSchema = z.object({ pk: z.string(), sk: z.literal('GROUP'), group_uuid: z.string() });
type PairItem = z.output<typeof pairSchema>;

/** Every group row of a person has its pair item. */
const pairedSchema = z.object({ pk: z.string(), sk: z.literal('PAIRED') });

/** A table whose pairs are kept in memory: a pair's group never changes. */
export interface PairStore extends TableRef {
  /** Group uuids, by the pair's partition key. */
  knownPairs: LRUCache<string, string>;
}

/** The item that says which group two people have. */
export function pairItem(one: string, other: string, messageGroupUuid: string): PairItem {
  return { ...keys.pair(one, other), sk: 'GROUP', group_uuid: messageGroupUuid };
}

/**
 * Finds the group of two people. Groups that the origin wrote have no pair item: the first time that a person is asked
 * about, the items of all of that person's groups are written.
 */
export async function findPairGroup(store: PairStore, one: string, other: string): Promise<string | undefined> {
  const pair = keys.pair(one, other);
  const known = store.knownPairs.get(pair.pk);
  if (known) return known;
  const schema = z.discriminatedUnion('sk', [pairSchema, pairedSchema]);
  const found = await batchGet(store, schema, [pair, keys.paired(one), keys.paired(other)]);
  const item = found.find((each) => each.sk === 'GROUP');
  if (item) return rememberPair(store, one, other, item.group_uuid);
  const isPaired = (userUuid: string) => found.some(({ pk }) => pk === keys.paired(userUuid).pk);
  const unpaired = [one, other].filter((userUuid) => !isPaired(userUuid));
  if (unpaired.length === 0) return undefined;
  for (const userUuid of unpaired) await pairGroups(store, userUuid);
  return getPairGroup(store, one, other);
}

/** The group of two people by their pair item. */
export async function getPairGroup(store: PairStore, one: string, other: string): Promise<string | undefined> {
  const item = await getItem(store, pairSchema, keys.pair(one, other));
  return item && rememberPair(store, one, other, item.group_uuid);
}

/** Keeps a pair's group in memory, and returns it. */
export function rememberPair(store: PairStore, one: string, other: string, messageGroupUuid: string): string {
  store.knownPairs.set(keys.pair(one, other).pk, messageGroupUuid);
  return messageGroupUuid;
}

/** Writes at the same time. */
const CONCURRENCY = 10;

/**
 * Writes the missing pair items of all groups of a person, then marks the person as done. If the origin made several
 * groups for a pair, the one with the newest message becomes the pair's group; the others stay readable.
 *
 * What an earlier call wrote is not written again, so that a call that its deadline ends makes progress.
 */
export async function pairGroups(table: TableRef, userUuid: string): Promise<void> {
  const newestFirst = { ...inPartition(keys.messageGroups(userUuid)), ConsistentRead: true, ScanIndexForward: false };
  const rows = await allItems(table, messageGroupRowSchema, newestFirst);
  const items = rows.map((row) => pairItem(userUuid, row.user_uuid, row.message_group_uuid));
  const seen = new Set<string>();
  const pairs = items.filter(({ pk }) => !seen.has(pk) && seen.add(pk));
  const found = await batchGet(table, pairSchema, pairs);
  const existing = new Set(found.map(({ pk }) => pk));
  const missing = pairs.filter(({ pk }) => !existing.has(pk));
  await pMap(missing, (item) => putPairIfAbsent(table, item), { concurrency: CONCURRENCY });
  const done = new PutCommand({ TableName: table.tableName, Item: keys.paired(userUuid) });
  await table.client.send(done, { abortSignal: table.signal });
}

async function putPairIfAbsent({ client, tableName, signal }: TableRef, item: PairItem): Promise<void> {
  const put = new PutCommand({ TableName: tableName, Item: item, ConditionExpression: 'attribute_not_exists(pk)' });
  try {
    await client.send(put, { abortSignal: signal });
  } catch (error) {
    // Another call wrote it since the read.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
