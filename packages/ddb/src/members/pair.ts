import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { LRUCache } from 'lru-cache';
import pMap from 'p-map';
import * as z from 'zod/mini';
import { batchGet } from '../table/batch.ts';
import { meetsCondition } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import { allItems, getItem, inPartition } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { messageGroupRowSchema } from './message-group-row.ts';

/** The group of two people. A condition on this item keeps a pair to one group. */
export const pairSchema = z.object({ pk: z.string(), sk: z.literal('GROUP'), group_uuid: z.string() });
type PairItem = z.output<typeof pairSchema>;

/** Every group row of a person has its pair item. */
const pairedSchema = z.object({ pk: z.string(), sk: z.literal('PAIRED') });

export interface PairStore extends TableRef {
  /** Group uuids, by the pair's partition key; a pair's group never changes. */
  knownPairs: LRUCache<string, string>;
}

export function pairItem(one: string, other: string, messageGroupUuid: string): PairItem {
  return { ...keys.pair(one, other), sk: 'GROUP', group_uuid: messageGroupUuid };
}

/**
 * Finds the group of two people. Groups that the origin wrote have no pair item: the first call for a person writes the
 * items of all of that person's groups.
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

export async function getPairGroup(store: PairStore, one: string, other: string): Promise<string | undefined> {
  const item = await getItem(store, pairSchema, keys.pair(one, other));
  return item && rememberPair(store, one, other, item.group_uuid);
}

export function rememberPair(store: PairStore, one: string, other: string, messageGroupUuid: string): string {
  store.knownPairs.set(keys.pair(one, other).pk, messageGroupUuid);
  return messageGroupUuid;
}

/**
 * Writes the missing pair items of all groups of a person, then marks the person as done. If the origin created several
 * groups for a pair, the one with the newest message becomes the pair's group; the others stay readable.
 *
 * What an earlier call wrote is not written again, so that a call makes progress even if its deadline ends it.
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
  const { client, tableName: TableName, signal: abortSignal } = table;
  const put = (Item: PairItem) => {
    const ifAbsent = new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' });
    // Another call may have written it since the read.
    return meetsCondition(client.send(ifAbsent, { abortSignal }));
  };
  await pMap(missing, put, { concurrency: 10 });
  await client.send(new PutCommand({ TableName, Item: keys.paired(userUuid) }), { abortSignal });
}
