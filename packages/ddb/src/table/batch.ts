import { BatchGetCommand, BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from './keys.ts';
import { type Item, type ItemSchema, parseItems } from './parse-items.ts';
import { Conflict, retryOnConflict } from './retry.ts';
import type { TableRef } from './table-ref.ts';

/** DynamoDB's limits for one call. */
const GETS = 100;
const PUTS = 25;

/** Gets items by their keys, strongly consistent, in any order. Keys that DynamoDB does not process under load are retried. */
export async function batchGet<Entity>(
  table: TableRef,
  schema: ItemSchema<Entity>,
  wanted: readonly Key[],
): Promise<Entity[]> {
  const { client, tableName, signal: abortSignal } = table;
  const items: Item[] = [];
  for (let i = 0; i < wanted.length; i += GETS) {
    let Keys = wanted.slice(i, i + GETS).map(({ pk, sk }): Item => ({ pk, sk }));
    await retryOnConflict(async () => {
      const get = new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } });
      const { Responses, UnprocessedKeys } = await client.send(get, { abortSignal });
      items.push(...(Responses?.[tableName] ?? []));
      Keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
      if (Keys.length > 0) throw new Conflict({ cause: new Error('DynamoDB did not process all keys of a batch') });
    }, table);
  }
  return parseItems(table, schema, items);
}

/** Puts items, 25 a call, over what exists. Items that DynamoDB does not process under load are retried. */
export async function batchPut(
  { client, tableName }: TableRef,
  items: readonly object[],
  onProgress?: (done: number, total: number) => void,
): Promise<void> {
  for (let i = 0; i < items.length; i += PUTS) {
    let requests = items.slice(i, i + PUTS).map((item) => ({ PutRequest: { Item: item as Item } }));
    await retryOnConflict(async () => {
      const { UnprocessedItems } = await client.send(
        new BatchWriteCommand({ RequestItems: { [tableName]: requests } }),
      );
      requests = (UnprocessedItems?.[tableName] ?? []) as typeof requests;
      if (requests.length > 0)
        throw new Conflict({ cause: new Error('DynamoDB did not process all items of a batch') });
    });
    onProgress?.(Math.min(i + PUTS, items.length), items.length);
  }
}
