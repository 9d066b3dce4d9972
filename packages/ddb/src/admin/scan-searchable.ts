import { QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { IndexedClear, IndexedMessage } from '@cruddur/config';
import { findMemberUuids } from '../members/members.ts';
import { readSearchableClears, toSearchableClears, toSearchableMessages } from '../messages/read-searchable.ts';
import { type Key, keys, messageGroupUuidOf, readMarkerOwnerOf } from '../table/keys.ts';
import type { Item } from '../table/parse-items.ts';
import { inPartition } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';

export interface SearchablePage {
  messages: IndexedMessage[];
  clears: IndexedClear[];
  /** How many items of any kind were read. */
  items: number;
  /** Where the next page begins; `undefined` at the end. */
  last: Key | undefined;
}

/** Items of a page: a call reads, and the caller keeps, some 150 kB. */
const PAGE = 500;

/**
 * Yields what a table has for the search index, page by page; strongly consistent. Reports items that cannot be indexed, and leaves
 * them out.
 *
 * @param options.after - the `last` of a page
 */
export async function* scanSearchable(
  table: TableRef,
  options: { after?: Key | undefined } = {},
): AsyncGenerator<SearchablePage> {
  const { client, tableName: TableName, signal: abortSignal } = table;
  let last = options.after;
  do {
    const ExclusiveStartKey = last && { pk: last.pk, sk: last.sk };
    const scan = new ScanCommand({ TableName, ConsistentRead: true, Limit: PAGE, ExclusiveStartKey });
    const { Items = [], LastEvaluatedKey } = await client.send(scan, { abortSignal });
    last = LastEvaluatedKey as Key | undefined;
    const has = (idOf: (pk: string) => string | undefined) => (item: Item) => idOf(String(item.pk)) !== undefined;
    yield {
      messages: await toSearchableMessages(table, Items.filter(has(messageGroupUuidOf))),
      clears: toSearchableClears(table, Items.filter(has(readMarkerOwnerOf))),
      items: Items.length,
      last,
    };
  } while (last);
}

/** The same for one group: its messages, then what its members have cleared. */
export async function* scanSearchableGroup(table: TableRef, messageGroupUuid: string): AsyncGenerator<SearchablePage> {
  const { client, tableName: TableName, signal: abortSignal } = table;
  const thread = { TableName, ...inPartition(keys.messages(messageGroupUuid)), ConsistentRead: true, Limit: PAGE };
  let last: Key | undefined;
  do {
    const query: QueryCommand = new QueryCommand({
      ...thread,
      ExclusiveStartKey: last && { pk: last.pk, sk: last.sk },
    });
    const { Items = [], LastEvaluatedKey } = await client.send(query, { abortSignal });
    last = LastEvaluatedKey as Key | undefined;
    yield { messages: await toSearchableMessages(table, Items), clears: [], items: Items.length, last };
  } while (last);
  const members = (await findMemberUuids(table, [messageGroupUuid])).get(messageGroupUuid) ?? [];
  const markers = await readSearchableClears(
    table,
    members.map((userUuid) => ({ userUuid, messageGroupUuid })),
  );
  const clears = markers.flatMap((marker) => (marker.is === 'there' ? [marker.entity] : []));
  yield { messages: [], clears, items: markers.length, last: undefined };
}
