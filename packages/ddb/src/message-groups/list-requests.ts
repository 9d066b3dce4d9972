import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { type MarkedGroup, markedGroupsOf } from '../members/read-marker.ts';
import { type RequestItem, requestItemSchema } from '../reach/request-writes.ts';
import { fillPage } from '../table/fill-page.ts';
import { keys } from '../table/keys.ts';
import { inPartition, listPage } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { findRow } from './find-row.ts';
import type { RowsInput } from './rows-by-time.ts';
import { addUnread } from './unread.ts';

/** A page of the requests that a person has not answered, the newest request first: 1.5 read units for each, and 2 or more calls. */
export async function listRequests(table: TableRef, { userUuid, limit, from }: RowsInput) {
  const read = (page: { limit: number; after?: string | undefined }) =>
    listPage(table, requestItemSchema, { pk: keys.requests(userUuid), ...page });
  const marked = new Map<string, MarkedGroup>();
  /** Eventually consistent, as the list is, so the markers decide what is still a request. */
  const keep = async (requests: RequestItem[]) => {
    const messageGroupUuids = requests.map(({ group_uuid: uuid }) => uuid);
    const [markers, rows] = await Promise.all([
      markedGroupsOf(table, { userUuid, messageGroupUuids }),
      pMap(messageGroupUuids, (uuid) => findRow(table, { userUuid, messageGroupUuid: uuid }), { concurrency: 10 }),
    ]);
    return requests.flatMap(({ sk, group_uuid: uuid }, i) => {
      const [marker, row] = [markers.get(uuid), rows[i]];
      if (marker?.item.request !== 'pending' || !row || marked.has(uuid)) return [];
      marked.set(uuid, marker);
      return { sk, row };
    });
  };
  const first = await read({ limit, after: from?.after });
  const page = await fillPage({ first, size: limit, wanted: limit, read, keep, keyOf: ({ sk }) => sk });
  const counted = await addUnread(table, { userUuid, rows: page.items.map(({ row }) => row), marked });
  return { counted, marked, next: page.next === undefined ? undefined : { after: page.next } };
}

/** The number of requests that a person has not answered, up to a bound: one query, half a read unit for some 20. */
export async function countRequests(
  { client, tableName, signal }: TableRef,
  { userUuid, max }: { userUuid: string; max: number },
): Promise<number> {
  const query = { TableName: tableName, ...inPartition(keys.requests(userUuid)), Limit: max };
  const { Count = 0 } = await client.send(new QueryCommand({ ...query, Select: 'COUNT' }), { abortSignal: signal });
  return Count;
}
