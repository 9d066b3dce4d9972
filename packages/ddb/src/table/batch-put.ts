import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type CallOptions, httpOptions, type TableRef } from './table-ref.ts';
import { Conflict, retryTransaction } from './transaction.ts';

/** Most items that DynamoDB takes in one batch. */
const BATCH_SIZE = 25;

/** Bounds of putting many items, and who is told how far it is. */
export interface BatchPutOptions extends CallOptions {
  onProgress?: (done: number, total: number) => void;
}

/** Puts items, 25 a call, whatever stands there; what DynamoDB leaves out for its load is put again. */
export async function batchPut(store: TableRef, items: readonly object[], options?: BatchPutOptions): Promise<void> {
  for (let i = 0; i < items.length; i += BATCH_SIZE) {
    let requests = items
      .slice(i, i + BATCH_SIZE)
      .map((item) => ({ PutRequest: { Item: item as Record<string, unknown> } }));
    await retryTransaction(async () => {
      const { UnprocessedItems } = await store.client.send(
        new BatchWriteCommand({ RequestItems: { [store.tableName]: requests } }),
        httpOptions(options),
      );
      requests = (UnprocessedItems?.[store.tableName] ?? []) as typeof requests;
      if (requests.length > 0) throw new Conflict({ cause: new Error('DynamoDB left items of a batch out') });
    }, options);
    options?.onProgress?.(Math.min(i + BATCH_SIZE, items.length), items.length);
  }
}
