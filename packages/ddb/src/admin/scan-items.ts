import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { TableRef } from '../table/table-ref.ts';

/** An item as the table holds it, of whatever type. */
export type Item = Record<string, unknown>;

/** Yields every item of a table, page by page (at most 1 MB each), eventually consistent. */
export async function* scanItems({ client, tableName }: TableRef): AsyncGenerator<Item[]> {
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName })) yield Items;
}
