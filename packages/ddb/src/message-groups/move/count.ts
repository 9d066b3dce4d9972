import { type MessageGroupRow, unreadOfRow } from '../../members/message-group-row.ts';
import { markersOfMembers } from '../../members/read-marker.ts';
import type { StoredUnread } from '../../members/stored-unread.ts';
import { type CountedBefore, countFrom, readSpan, type ThreadSpan } from '../../messages/thread-span.ts';
import type { TableRef } from '../../table/table-ref.ts';
import { EPOCH, type Micros, micros } from '../../table/time.ts';
import { readTo } from '../unread.ts';
import type { FoundRows, NewestMessage } from './plan.ts';

/** A count of a row that is about to be put: its time is not decided yet. */
export type RowCount = Omit<StoredUnread, 'through'>;

/** A member's row to put, without its time and count, and the rows that were found. */
export interface PlannedRow {
  ownerUuid: string;
  row: Omit<MessageGroupRow, 'sk' | 'unread'>;
  rows: readonly MessageGroupRow[];
}

/**
 * Counts what the members have not read, for the rows that a move is about to put: what the old row has counted, if it
 * was counted from the same marker, and the thread's messages after it. Messages that follow the old row need no query: they
 * were read already. Nor does a row that follows one with too much to read: it has no count either.
 *
 * @returns the counts, in the order of the rows
 */
export async function countForMove(
  table: TableRef,
  { messageGroupUuid, at }: NewestMessage,
  found: FoundRows,
  planned: readonly PlannedRow[],
): Promise<RowCount[]> {
  if (planned.length === 0) return [];
  const owners = planned.map(({ ownerUuid }) => ownerUuid);
  const markers = found.markers ?? (await markersOfMembers(table, messageGroupUuid, owners));
  const counts = planned.map(({ ownerUuid, row, rows }) => {
    const after = readTo(row, markers.get(ownerUuid));
    return { ownerUuid, after, from: countedBefore(rows, after, found) ?? { count: 0, after } };
  });
  const isUnclear = (span: ThreadSpan | undefined, { ownerUuid, from }: (typeof counts)[number]) =>
    from.count !== undefined && (span === undefined || countFrom(span, ownerUuid, from) === undefined);
  const unclear = counts.filter((each) => isUnclear(found.span, each));
  const range = { after: micros(Math.min(...unclear.map(({ from }) => from.after))), through: at };
  const isEnough = (span: ThreadSpan) => !unclear.some((each) => isUnclear(span, each));
  const span = unclear.length > 0 ? await readSpan(table, messageGroupUuid, range, isEnough) : found.span;
  return counts.map(({ ownerUuid, after, from }) => ({ count: span && countFrom(span, ownerUuid, from), after }));
}

/**
 * The count of a member's old row, which the new one continues. Not of one among several, which an interrupted move may have
 * left, nor if a message of the batch is older than it. The row may be a copy from the index: the move compares it with
 * the row that it deletes.
 */
function countedBefore(
  rows: readonly MessageGroupRow[],
  after: Micros,
  { previousAt = EPOCH }: FoundRows,
): CountedBefore | undefined {
  const [row, ...more] = rows;
  const unread = row && more.length === 0 ? unreadOfRow(row) : undefined;
  if (unread === undefined || unread.after !== after || unread.through > previousAt) return undefined;
  // The marker may be later than the row.
  return { count: unread.count, after: micros(Math.max(after, unread.through)) };
}
