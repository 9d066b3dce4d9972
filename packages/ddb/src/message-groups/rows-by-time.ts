import pMap, { pMapSkip } from 'p-map';
import { listedRowSchema, type MessageGroupRow, newestFirst } from '../members/message-group-row.ts';
import { type MarkedGroup, markedGroupsOf, queryReadMarkers, type ReadMarkerPage } from '../members/read-marker.ts';
import type { CursorPayload } from '../table/cursor.ts';
import { keys } from '../table/keys.ts';
import { listPage } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import type { Micros } from '../table/time.ts';
import { findRow } from './find-row.ts';
import { withoutMovedRows, withoutOlderRows } from './seen-groups.ts';
import { visibleRows } from './visible-rows.ts';

/** A marker has 123 bytes, so 99 are just under 12 kB: at most 3 read units, and 1 for up to 33. */
const MARKERS_AT_ONCE = 99;
/** Most markers that are read by key, for 1 unit each: a query of all of a person who has 2,000 costs about as much. */
const BY_KEY_MAX = 60;

export interface RowsInput {
  userUuid: string;
  limit: number;
  /** Where the page before ended. */
  from: CursorPayload | undefined;
  now: Micros;
}

/** Reads the first rows of a page and, in parallel, the person's first markers; then more of both as the page needs them. */
export async function openRows(table: TableRef, { userUuid, limit, from }: RowsInput) {
  const read = (page: { limit: number; after?: string | undefined }) =>
    listPage(table, listedRowSchema, { pk: keys.messageGroups(userUuid), ...page });
  const [first, firstMarkers] = await Promise.all([
    read({ limit, after: from?.after }),
    queryReadMarkers(table, { userUuid, limit: MARKERS_AT_ONCE }),
  ]);
  const { marked, load } = createMarkers(table, userUuid, firstMarkers);
  const shown = new Set<string>();

  /** The rows of the pinned groups, newest first. The page leaves these groups out from now on. */
  const findPinned = async (): Promise<MessageGroupRow[]> => {
    const pinned = [...firstMarkers.pinned];
    if (pinned.length === 0) return [];
    const find = async (uuid: string) =>
      first.items.find((row) => row.message_group_uuid === uuid) ??
      (await findRow(table, { userUuid, messageGroupUuid: uuid })) ??
      pMapSkip;
    const [rows] = await Promise.all([pMap(pinned, find), load([...pinned, ...uuidsOf(first.items)])]);
    return withoutOlderRows(newestFirst(await visibleRows(table, rows, marked)), [], shown);
  };
  /** Leaves out what the list has shown or does not show. */
  const keepVisible = async (rows: readonly MessageGroupRow[]): Promise<MessageGroupRow[]> => {
    const unseen = withoutOlderRows(rows, from?.seen, shown);
    const newest = from?.isSeenCut ? await withoutMovedRows(table, unseen) : unseen;
    await load(uuidsOf(newest));
    return visibleRows(table, newest, marked);
  };
  return { first, size: limit, read, marked, findPinned, keepVisible };
}

const uuidsOf = (rows: readonly MessageGroupRow[]) => rows.map((row) => row.message_group_uuid);

/** The markers of some of a person's groups, each read once. */
function createMarkers(table: TableRef, userUuid: string, firstPage: ReadMarkerPage) {
  let first = firstPage;
  const marked = new Map<string, MarkedGroup>();
  const loaded = new Set<string>();
  const load = async (uuids: readonly string[]) => {
    const messageGroupUuids = uuids.filter((uuid) => !loaded.has(uuid) && loaded.add(uuid));
    const isMany = messageGroupUuids.length > BY_KEY_MAX;
    if (isMany && first.next !== undefined) first = await queryReadMarkers(table, { userUuid });
    const found = await markedGroupsOf(table, { userUuid, messageGroupUuids, first });
    for (const uuid of messageGroupUuids) {
      const marker = found.get(uuid);
      if (marker) marked.set(uuid, marker);
    }
  };
  return { marked, load };
}
