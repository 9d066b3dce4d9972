import { GetCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { readCapacity } from './capacity.ts';
import type { Key } from './keys.ts';
import { type ItemSchema, parseItem, parseItems } from './parse-items.ts';
import type { TableRef } from './table-ref.ts';

type Query = Omit<QueryCommandInput, 'TableName'>;

/** The key condition of a query: a partition, or the part of it that a condition such as `sk > :after` selects. */
export function inPartition(pk: string, condition?: string, values?: Record<`:${string}`, string | undefined>) {
  return {
    KeyConditionExpression: condition === undefined ? 'pk = :pk' : `pk = :pk AND ${condition}`,
    ExpressionAttributeValues: { ':pk': pk, ...values },
  };
}

/** Reads one item by its key, strongly consistent. */
export async function getItem<Entity>(
  table: TableRef,
  schema: ItemSchema<Entity>,
  Key: Key,
): Promise<Entity | undefined> {
  const get = new GetCommand({ TableName: table.tableName, Key: { ...Key }, ConsistentRead: true });
  const { Item } = await table.client.send(get, { abortSignal: table.signal });
  return parseItem(table, schema, Item);
}

export interface QueryPage<Entity> {
  items: Entity[];
  /** The sort key after which the next page begins; `undefined` at the end. */
  next: string | undefined;
  /** Read units consumed. */
  units: number;
}

/** The pages of a query, as far as the caller reads. */
export async function* queryPages<Entity>(
  table: TableRef,
  schema: ItemSchema<Entity>,
  query: Query,
): AsyncGenerator<QueryPage<Entity>, undefined> {
  let key: Query['ExclusiveStartKey'];
  do {
    const { page, lastKey } = await queryPage(
      table,
      schema,
      key === undefined ? query : { ...query, ExclusiveStartKey: key },
    );
    yield page;
    key = lastKey;
  } while (key !== undefined);
}

export async function firstPage<Entity>(
  table: TableRef,
  schema: ItemSchema<Entity>,
  query: Query,
): Promise<QueryPage<Entity>> {
  return (await queryPage(table, schema, query)).page;
}

async function queryPage<Entity>(
  table: TableRef,
  schema: ItemSchema<Entity>,
  query: Query,
): Promise<{ page: QueryPage<Entity>; lastKey: Query['ExclusiveStartKey'] }> {
  const command = new QueryCommand({ TableName: table.tableName, ReturnConsumedCapacity: 'TOTAL', ...query });
  const output = await table.client.send(command, { abortSignal: table.signal });
  const pk: string | undefined = query.ExpressionAttributeValues?.[':pk'];
  const page = {
    items: parseItems(table, schema, output.Items, pk),
    next: output.LastEvaluatedKey?.sk,
    units: readCapacity('Query', output)?.units ?? 0,
  };
  return { page, lastKey: output.LastEvaluatedKey };
}

/** The items of a query, as far as the caller reads. */
export async function* queryItems<Entity>(
  table: TableRef,
  schema: ItemSchema<Entity>,
  query: Query,
): AsyncGenerator<Entity, undefined> {
  for await (const { items } of queryPages(table, schema, query)) yield* items;
}

export async function firstItem<Entity>(
  table: TableRef,
  schema: ItemSchema<Entity>,
  query: Query,
): Promise<Entity | undefined> {
  return (await queryItems(table, schema, query).next()).value;
}

export async function allItems<Entity>(table: TableRef, schema: ItemSchema<Entity>, query: Query): Promise<Entity[]> {
  const found: Entity[] = [];
  for await (const { items } of queryPages(table, schema, query)) found.push(...items);
  return found;
}

interface ListPage {
  pk: string;
  limit: number;
  /** The `next` of the page before. */
  after?: string | undefined;
  /** Instead of `after`: newest first, only items before this sort key; oldest first, only items from it on. */
  from?: string | undefined;
  /** Oldest first instead of newest first. */
  isNewer?: boolean | undefined;
  /** Strongly consistent. */
  isConsistent?: boolean | undefined;
}

/** A page of a partition, newest first and eventually consistent unless asked otherwise: for lists that the caller pages through. */
export async function listPage<Entity>(
  table: TableRef,
  schema: ItemSchema<Entity>,
  { pk, limit, after, from, isNewer = false, isConsistent }: ListPage,
): Promise<Pick<QueryPage<Entity>, 'items' | 'next'>> {
  const query = new QueryCommand({
    TableName: table.tableName,
    ...(from === undefined ? inPartition(pk) : inPartition(pk, `sk ${isNewer ? '>=' : '<'} :from`, { ':from': from })),
    ScanIndexForward: isNewer,
    ConsistentRead: isConsistent,
    // One more than the page shows whether another page follows.
    Limit: limit + 1,
    ExclusiveStartKey: after === undefined ? undefined : { pk, sk: after },
  });
  const { Items = [], LastEvaluatedKey: last } = await table.client.send(query, { abortSignal: table.signal });
  const page = Items.slice(0, limit);
  // With fewer items, an answer ends early only at 1 MB.
  const next = Items.length > limit ? (page.at(-1)?.sk ?? from) : last?.sk;
  return { items: parseItems(table, schema, page), next };
}
