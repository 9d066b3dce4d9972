import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { Conflict, retryOnConflict } from './retry.ts';
import { type CallOptions, httpOptions, type TableRef } from './table-ref.ts';

/** DynamoDB's limit. */
const BATCH_SIZE = 25;

export interface BatchPutOptions extends CallOptions {
  onProgress?: (done: number, total: number) => void;
}

/** Puts items, 25 a call, over what exists. Items that DynamoDB leaves out for its load are retried. */
export async function batchPut(table: TableRef, items: readonly object[], options?: BatchPutOptions): Promise<void> {
  for (let i = 0; i < items.length; i += BATCH_SIZE) {
    let requests = items
      .slice(i, i + BATCH_SIZE)
      .map((item) => ({ PutRequest: { Item: item as Record<string, unknown> } }));
    await retryOnConflict(async () => {
      const { UnprocessedItems } = await table.client.send(
        new BatchWriteCommand({ RequestItems: { [table.tableName]: requests } }),
        httpOptions(options),
      );
      requests = (UnprocessedItems?.[table.tableName] ?? []) as typeof requests;
      if (requests.length > 0) throw new Conflict({ cause: new Error('DynamoDB left items of a batch out') });
    }, options);
    options?.onProgress?.(Math.min(i + BATCH_SIZE, items.length), items.length);
  }
}
