import pMap, { pMapSkip } from 'p-map';
import { DISPLACED_MAX_MICROS } from '../members/message-group-row.ts';
import type { MarkedGroup } from '../members/read-marker.ts';
import { findNextSortKey } from '../messages/find-in-thread.ts';
import type { TableRef } from '../table/table-ref.ts';
import { EPOCH, parseTime } from '../table/time.ts';

interface Row {
  sk: string;
  message_group_uuid: string;
}
export type Markers = ReadonlyMap<string, MarkedGroup>;

/** Leaves out the requests, and the groups that have nothing which the person has not cleared. */
export function visibleRows<Each extends Row>(
  table: TableRef,
  rows: readonly Each[],
  marked: Markers,
): Promise<Each[]> {
  const keepVisible = async (row: Each) => {
    const marker = marked.get(row.message_group_uuid);
    return !isRequest(marker) && (await hasUncleared(table, row, marker)) ? row : pMapSkip;
  };
  return pMap(rows, keepVisible, { concurrency: 10 });
}

/** Whether a group is a request that the person has not accepted: one that was declined stays hidden until it is renewed. */
export function isRequest(marker: MarkedGroup | undefined): boolean {
  return marker?.item.request !== undefined;
}

/**
 * Whether a group has a message that the person has not cleared. A row that another group's row displaced is later than its
 * message: if the cleared time is as close, the thread decides, for 1 read unit.
 */
export async function hasUncleared(table: TableRef, row: Row, marker: MarkedGroup | undefined): Promise<boolean> {
  const through = marker?.item.cleared_through;
  if (through === undefined) return true;
  const later = (parseTime(row.sk) ?? EPOCH) - (parseTime(through) ?? EPOCH);
  if (later <= 0 || later > DISPLACED_MAX_MICROS) return later > 0;
  return (await findNextSortKey(table, row.message_group_uuid, { after: through })) !== undefined;
}
