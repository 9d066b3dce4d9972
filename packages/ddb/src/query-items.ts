import { paginateQuery, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { type CallOptions, httpOptions, type TableRef } from './store.ts';

/** The items of a query, page after page, as far as the caller reads. */
export async function* queryItems<Item>(
  table: TableRef,
  query: Omit<QueryCommandInput, 'TableName'>,
  options?: CallOptions,
): AsyncGenerator<Item, undefined> {
  const input = { TableName: table.tableName, ...query };
  for await (const page of paginateQuery({ client: table.client }, input, httpOptions(options))) {
    yield* (page.Items ?? []) as Item[];
  }
}

/** The first item of a query. */
export async function firstItem<Item>(
  table: TableRef,
  query: Omit<QueryCommandInput, 'TableName'>,
  options?: CallOptions,
): Promise<Item | undefined> {
  const { value } = await queryItems<Item>(table, query, options).next();
  return value;
}

/** Every item of a query. */
export async function allItems<Item>(
  table: TableRef,
  query: Omit<QueryCommandInput, 'TableName'>,
  options?: CallOptions,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of queryItems<Item>(table, query, options)) items.push(item);
  return items;
}
