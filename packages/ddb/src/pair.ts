import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { batchGet } from './batch-get.ts';
import { keys } from './keys.ts';
import { type MessageGroupRow, withoutOlderRows } from './message-group.ts';
import { allItems } from './query-items.ts';
import { type CallOptions, httpOptions, type MessageStore, type TableRef } from './store.ts';

/** Which group two people have. Its condition is what keeps a pair to one group. */
export interface PairItem {
  pk: string;
  sk: string;
  group_uuid: string;
}

/** The item that says which group two people have. */
export function pairItem(one: string, other: string, messageGroupUuid: string): PairItem {
  return { ...keys.pair(one, other), group_uuid: messageGroupUuid };
}

/**
 * Finds the group of two people. Groups that the origin wrote have no pair item: the first time that a person is asked
 * about, all of that person's groups get theirs.
 */
export async function findPairGroup(
  store: MessageStore,
  one: string,
  other: string,
  options?: CallOptions,
): Promise<string | undefined> {
  const pair = keys.pair(one, other);
  const known = store.memo.pairs.get(pair.pk);
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
export function rememberPair(store: MessageStore, one: string, other: string, messageGroupUuid: string): void {
  store.memo.pairs.set(keys.pair(one, other).pk, messageGroupUuid);
}

/**
 * Gives every group of a person its pair item, then marks the person as done. Where the origin made several groups for
 * a pair, the one with the newest message becomes the pair's own; the others stay readable.
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
  for (const row of withoutOlderRows(rows, [])) {
    await putPairIfAbsent(store, pairItem(userUuid, row.user_uuid, row.message_group_uuid), options);
  }
  await store.client.send(
    new PutCommand({ TableName: store.tableName, Item: keys.paired(userUuid) }),
    httpOptions(options),
  );
}

async function putPairIfAbsent(store: TableRef, item: PairItem, options?: CallOptions): Promise<void> {
  try {
    await store.client.send(
      new PutCommand({ TableName: store.tableName, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }),
      httpOptions(options),
    );
  } catch (error) {
    // The pair has its group already, by a row newer than this one or by the other person's.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
