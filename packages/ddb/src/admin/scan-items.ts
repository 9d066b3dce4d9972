import { paginateScan, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Item } from '../table/parse-items.ts';
import type { TableRef } from '../table/table-ref.ts';

/** Yields every item of a table in pages of up to 1 MB; eventually consistent by default. */
export async function* scanItems(
  { client, tableName }: TableRef,
  options: Pick<ScanCommandInput, 'ConsistentRead'> = {},
): AsyncGenerator<Item[]> {
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName, ...options })) yield Items;
}
