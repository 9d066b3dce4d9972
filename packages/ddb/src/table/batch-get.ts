import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from './keys.ts';
import { type CallOptions, httpOptions, type TableRef } from './table-ref.ts';
import { Conflict, retryTransaction } from './transaction.ts';

/** Most items that DynamoDB gives in one batch. */
const BATCH_SIZE = 100;

/** Gets items by their keys, strongly consistent, in any order; what DynamoDB leaves out for its load is asked again. */
export async function batchGet<Item>(table: TableRef, wanted: readonly Key[], options?: CallOptions): Promise<Item[]> {
  const items: Item[] = [];
  for (let i = 0; i < wanted.length; i += BATCH_SIZE) {
    let Keys = wanted.slice(i, i + BATCH_SIZE).map(({ pk, sk }): Record<string, unknown> => ({ pk, sk }));
    await retryTransaction(async () => {
      const { Responses, UnprocessedKeys } = await table.client.send(
        new BatchGetCommand({ RequestItems: { [table.tableName]: { Keys, ConsistentRead: true } } }),
        httpOptions(options),
      );
      items.push(...((Responses?.[table.tableName] ?? []) as Item[]));
      Keys = UnprocessedKeys?.[table.tableName]?.Keys ?? [];
      if (Keys.length > 0) throw new Conflict({ cause: new Error('DynamoDB left keys of a batch out') });
    }, options);
  }
  return items;
}
