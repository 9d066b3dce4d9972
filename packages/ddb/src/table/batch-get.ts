import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from './keys.ts';
import { type Item, type ItemSchema, parseItems } from './parse-items.ts';
import { Conflict, retryOnConflict } from './retry.ts';
import { type CallOptions, httpOptions, type TableRef } from './table-ref.ts';

/** DynamoDB's limit. */
const BATCH_SIZE = 100;

/** Gets items by their keys, strongly consistent, in any order. Keys that DynamoDB leaves out for its load are retried. */
export async function batchGet<Entity>(
  table: TableRef,
  schema: ItemSchema<Entity>,
  wanted: readonly Key[],
  options?: CallOptions,
): Promise<Entity[]> {
  const items: Item[] = [];
  for (let i = 0; i < wanted.length; i += BATCH_SIZE) {
    let Keys = wanted.slice(i, i + BATCH_SIZE).map(({ pk, sk }): Item => ({ pk, sk }));
    await retryOnConflict(async () => {
      const { Responses, UnprocessedKeys } = await table.client.send(
        new BatchGetCommand({ RequestItems: { [table.tableName]: { Keys, ConsistentRead: true } } }),
        httpOptions(options),
      );
      items.push(...(Responses?.[table.tableName] ?? []));
      Keys = UnprocessedKeys?.[table.tableName]?.Keys ?? [];
      if (Keys.length > 0) throw new Conflict({ cause: new Error('DynamoDB left keys of a batch out') });
    }, options);
  }
  return parseItems(table, schema, items);
}
