import { paginateQuery, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { readCapacity } from './capacity.ts';
import { type CallOptions, httpOptions, type TableRef } from './table-ref.ts';

/** A page of a query. */
export interface QueryPage<Item> {
  items: Item[];
  hasMore: boolean;
  /** Read units consumed. */
  units: number;
}

/** The pages of a query, as far as the caller reads. */
export async function* queryPages<Item>(
  table: TableRef,
  query: Omit<QueryCommandInput, 'TableName'>,
  options?: CallOptions,
): AsyncGenerator<QueryPage<Item>, undefined> {
  const input: QueryCommandInput = { TableName: table.tableName, ReturnConsumedCapacity: 'TOTAL', ...query };
  for await (const page of paginateQuery({ client: table.client }, input, httpOptions(options))) {
    yield {
      items: (page.Items ?? []) as Item[],
      hasMore: page.LastEvaluatedKey !== undefined,
      units: readCapacity('Query', page)?.units ?? 0,
    };
  }
}

/** The first page of a query, and no more. */
export async function firstPage<Item>(
  table: TableRef,
  query: Omit<QueryCommandInput, 'TableName'>,
  options?: CallOptions,
): Promise<QueryPage<Item>> {
  const { value } = await queryPages<Item>(table, query, options).next();
  return value ?? { items: [], hasMore: false, units: 0 };
}

/** The items of a query, page after page, as far as the caller reads. */
export async function* queryItems<Item>(
  table: TableRef,
  query: Omit<QueryCommandInput, 'TableName'>,
  options?: CallOptions,
): AsyncGenerator<Item, undefined> {
  for await (const { items } of queryPages<Item>(table, query, options)) yield* items;
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
