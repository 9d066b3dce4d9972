import { BatchGetCommand, BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from './keys.ts';
import { type Item, type ItemSchema, parseItems } from './parse-items.ts';
import { Conflict, retryOnConflict } from './retry.ts';
import type { TableRef } from './table-ref.ts';

/** DynamoDB's limits for one call. */
const GETS = 100;
const WRITES = 25;

/**
 * Gets items by their keys, strongly consistent unless asked otherwise, in any order. Keys that DynamoDB does not process
 * under load are retried.
 */
export async function batchGet<Entity>(
  table: TableRef,
  schema: ItemSchema<Entity>,
  wanted: readonly Key[],
  { isConsistent = true } = {},
): Promise<Entity[]> {
  const { client, tableName, signal: abortSignal } = table;
  const items: Item[] = [];
  for (let i = 0; i < wanted.length; i += GETS) {
    let Keys = wanted.slice(i, i + GETS).map(({ pk, sk }): Item => ({ pk, sk }));
    await retryOnConflict(async () => {
      const get = new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: isConsistent } } });
      const { Responses, UnprocessedKeys } = await client.send(get, { abortSignal });
      items.push(...(Responses?.[tableName] ?? []));
      Keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
      if (Keys.length > 0) throw new Conflict({ cause: new Error('DynamoDB did not process all keys of a batch') });
    }, table);
  }
  return parseItems(table, schema, items);
}

/** Deletes items, 25 a call. Those that DynamoDB does not process under load are retried. */
export async function batchDelete(table: TableRef, unwanted: readonly Key[]): Promise<void> {
  const requests = unwanted.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } }));
  await batchWrite(table, requests);
}

/** Puts items, 25 a call, over what exists. Items that DynamoDB does not process under load are retried. */
export async function batchPut(
  table: TableRef,
  items: readonly object[],
  onProgress?: (done: number, total: number) => void,
): Promise<void> {
  const requests = items.map((item) => ({ PutRequest: { Item: item as Item } }));
  await batchWrite(table, requests, onProgress);
}

type WriteRequest = { PutRequest: { Item: Item } } | { DeleteRequest: { Key: Item } };

async function batchWrite(
  table: TableRef,
  all: readonly WriteRequest[],
  onProgress?: (done: number, total: number) => void,
): Promise<void> {
  const { client, tableName, signal: abortSignal } = table;
  for (let i = 0; i < all.length; i += WRITES) {
    let requests = all.slice(i, i + WRITES);
    await retryOnConflict(async () => {
      const write = new BatchWriteCommand({ RequestItems: { [tableName]: requests } });
      const { UnprocessedItems } = await client.send(write, { abortSignal });
      requests = (UnprocessedItems?.[tableName] ?? []) as WriteRequest[];
      if (requests.length > 0)
        throw new Conflict({ cause: new Error('DynamoDB did not process all items of a batch') });
    }, table);
    onProgress?.(Math.min(i + WRITES, all.length), all.length);
  }
}
