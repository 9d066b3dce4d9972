import { GetCommand, paginateQuery, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { membersSchema } from '../../members/members.ts';
import { type Key, keys, MESSAGE_GROUP_INDEX, rowOwnerOf } from '../../table/keys.ts';
import type { Item } from '../../table/parse-items.ts';
import { inPartition } from '../../table/query-items.ts';
import type { TableRef } from '../../table/table-ref.ts';

/**
 * Yields what a table has of one group: its messages, their earlier versions, members, rows, and the owners' read markers. Costs as much
 * as the thread. The rows come from the index, in which one that has just moved can be missing.
 */
export async function* readGroup(table: TableRef, messageGroupUuid: string): AsyncGenerator<Item[]> {
  const changed: string[] = [];
  const strongly = (pk: string) => query(table, { ...inPartition(pk), ConsistentRead: true });
  for await (const page of strongly(keys.messages(messageGroupUuid))) {
    for (const { message_uuid, revision, deleted_at } of page) {
      if (revision !== undefined || deleted_at !== undefined) changed.push(String(message_uuid));
    }
    yield page;
  }
  for (const uuid of changed) yield* strongly(keys.messageVersions(messageGroupUuid, uuid));
  const members = await get(table, keys.members(messageGroupUuid));
  yield members;
  const owners = new Set(members.flatMap((item) => z.safeParse(membersSchema, item).data?.members ?? []).map(uuidOf));
  const rows = {
    IndexName: MESSAGE_GROUP_INDEX,
    KeyConditionExpression: 'message_group_uuid = :uuid',
    ExpressionAttributeValues: { ':uuid': messageGroupUuid },
  };
  for await (const page of query(table, rows)) {
    for (const { pk } of page) owners.add(rowOwnerOf(String(pk)) ?? '');
    yield page;
  }
  for (const owner of owners) {
    yield await get(table, keys.readMarker(owner, messageGroupUuid));
    yield await get(table, keys.paired(owner));
  }
}

const uuidOf = ({ user_uuid: uuid }: { user_uuid: string }): string => uuid;

/** Unparsed: what cannot be read is a breach. */
async function* query(
  { client, tableName }: TableRef,
  input: Omit<QueryCommandInput, 'TableName'>,
): AsyncGenerator<Item[]> {
  for await (const { Items = [] } of paginateQuery({ client }, { TableName: tableName, ...input })) yield Items;
}

async function get({ client, tableName }: TableRef, Key: Key): Promise<Item[]> {
  const command = new GetCommand({ TableName: tableName, Key: { ...Key }, ConsistentRead: true });
  const { Item } = await client.send(command);
  return Item ? [Item] : [];
}
