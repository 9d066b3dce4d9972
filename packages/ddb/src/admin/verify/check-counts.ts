import pMap, { pMapSkip } from 'p-map';
import { type MessageGroupRow, messageGroupRowSchema } from '../../members/message-group-row.ts';
import { markersOfMembers } from '../../members/read-marker.ts';
import { UNREAD_MAX } from '../../members/stored-unread.ts';
import { knownUnread, readTo } from '../../message-groups/unread.ts';
import { isUnread, newerMessagesQuery, sentAtSchema } from '../../messages/thread-span.ts';
import { keys } from '../../table/keys.ts';
import { getItem, queryItems } from '../../table/query-items.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { type Micros, parseTime } from '../../table/time.ts';
import type { Breach } from './find-breaches.ts';

/** A row that is newer than its owner's marker. */
export interface UnreadRowKey {
  ownerUuid: string;
  messageGroupUuid: string;
  sk: string;
}

/**
 * Compares what lists show as unread with the threads. A message whose event the stream has not delivered yet looks like a
 * wrong count, so a count is reported only if it is wrong twice.
 */
export async function findMiscounts(table: TableRef, rows: readonly UnreadRowKey[]): Promise<Breach[]> {
  const check = async (row: UnreadRowKey) => (await checkCount(table, row)) ?? pMapSkip;
  const suspects = await pMap(rows, async (row) => ((await checkCount(table, row)) ? row : pMapSkip), {
    concurrency: 10,
  });
  return pMap(suspects, check, { concurrency: 10 });
}

async function checkCount(
  table: TableRef,
  { ownerUuid, messageGroupUuid, sk }: UnreadRowKey,
): Promise<Breach | undefined> {
  const [row, markers] = await Promise.all([
    getItem(table, messageGroupRowSchema, { pk: keys.messageGroups(ownerUuid), sk }),
    markersOfMembers(table, messageGroupUuid, [ownerUuid]),
  ]);
  const marked = markers.get(ownerUuid);
  const known = row?.message_group_uuid === messageGroupUuid ? knownUnread(row, marked) : undefined;
  const after = row && readTo(row, marked);
  const through = parseTime(known?.through ?? '');
  if (!row || !known || after === undefined || through === undefined || through <= after) return undefined;
  const count = await countThread(table, row, { ownerUuid, after, through });
  if (count === known.count) return undefined;
  const detail = `${known.count} instead of ${count} for ${ownerUuid}`;
  return { kind: 'unread_miscounted', messageGroupUuid, detail };
}

async function countThread(
  table: TableRef,
  row: MessageGroupRow,
  { ownerUuid, after, through }: { ownerUuid: string; after: Micros; through: Micros },
): Promise<number> {
  const query = { ...newerMessagesQuery(row.message_group_uuid, after, through), ConsistentRead: true };
  let count = 0;
  for await (const message of queryItems(table, sentAtSchema, query)) {
    if (isUnread(message, ownerUuid, after)) count++;
    if (count === UNREAD_MAX) break;
  }
  return count;
}
