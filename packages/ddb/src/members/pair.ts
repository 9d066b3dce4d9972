import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { LRUCache } from 'lru-cache';
import pMap from 'p-map';
import { batchGet } from '../table/batch-get.ts';
import { keys } from '../table/keys.ts';
import { allItems } from '../table/query-items.ts';
import { type CallOptions, httpOptions, type TableRef } from '../table/table-ref.ts';
import type { MessageGroupRow } from './message-group-row.ts';

/** Which group two people have. Its condition is what keeps a pair to one group. */
export interface PairItem {
  pk: string;
  sk: string;
  group_uuid: string;
}

/** A table whose pairs are kept in memory: a pair's group never changes. */
export interface PairStore extends TableRef {
  /** Group uuids, by the pair's partition key. */
  knownPairs: LRUCache<string, string>;
}

/** The item that says which group two people have. */
export function pairItem(one: string, other: string, messageGroupUuid: string): PairItem {
  return { ...keys.pair(one, other), group_uuid: messageGroupUuid };
}

/**
 * Finds the group of two people. Groups that the origin wrote have no pair item: the first time that a person is asked
 * about, the items of all of that person's groups are written.
 */
export async function findPairGroup(
  store: PairStore,
  one: string,
  other: string,
  options?: CallOptions,
): Promise<string | undefined> {
  const pair = keys.pair(one, other);
  const known = store.knownPairs.get(pair.pk);
  if (known) return known;
  const found = await batchGet<PairItem>(store, [pair, keys.paired(one), keys.paired(other)], options);
  const isPaired = (userUuid: string) => found.some((item) => item.pk === keys.paired(userUuid).pk);
  let item = found.find(({ pk }) => pk === pair.pk);
  const unpaired = item ? [] : [one, other].filter((userUuid) => !isPaired(userUuid));
  if (unpaired.length > 0) {
    for (const userUuid of unpaired) await pairGroups(store, userUuid, options);
    [item] = await batchGet<PairItem>(store, [pair], options);
  }
  if (item) rememberPair(store, one, other, item.group_uuid);
  return item?.group_uuid;
}

/** Keeps in memory which group two people have; it never changes. */
export function rememberPair(store: PairStore, one: string, other: string, messageGroupUuid: string): void {
  store.knownPairs.set(keys.pair(one, other).pk, messageGroupUuid);
}

/** Pair items that are written at the same time. */
const CONCURRENCY = 10;

/**
 * Writes the missing pair items of all groups of a person, then marks the person as done. Where the origin made several
 * groups for a pair, the one with the newest message becomes the pair's group; the others stay readable.
 *
 * What an earlier call wrote is not written again, so that a call which is cut by its deadline makes progress.
 */
export async function pairGroups(store: TableRef, userUuid: string, options?: CallOptions): Promise<void> {
  const rows = await allItems<MessageGroupRow>(
    store,
    {
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': keys.messageGroups(userUuid) },
      ScanIndexForward: false,
    },
    options,
  );
  const pairs = newestPairs(userUuid, rows);
  const found = await batchGet<PairItem>(store, pairs, options);
  const existing = new Set(found.map(({ pk }) => pk));
  const missing = pairs.filter(({ pk }) => !existing.has(pk));
  await pMap(missing, (item) => putPairIfAbsent(store, item, options), { concurrency: CONCURRENCY });
  await store.client.send(
    new PutCommand({ TableName: store.tableName, Item: keys.paired(userUuid) }),
    httpOptions(options),
  );
}

/** One pair item for each other person. `rows` are newest first. */
function newestPairs(userUuid: string, rows: readonly MessageGroupRow[]): PairItem[] {
  const pairs = new Map<string, PairItem>();
  for (const { user_uuid: other, message_group_uuid: group } of rows) {
    const item = pairItem(userUuid, other, group);
    if (!pairs.has(item.pk)) pairs.set(item.pk, item);
  }
  return [...pairs.values()];
}

async function putPairIfAbsent(store: TableRef, item: PairItem, options?: CallOptions): Promise<void> {
  try {
    await store.client.send(
      new PutCommand({ TableName: store.tableName, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }),
      httpOptions(options),
    );
  } catch (error) {
    // Somebody else has written it since it was looked for.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
