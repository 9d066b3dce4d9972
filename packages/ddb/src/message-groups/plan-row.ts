import type { MessageGroupRow } from '../members/message-group-row.ts';
import { type Micros, parseTime } from '../table/time.ts';

/** What to do with one member's rows of a group. */
export interface RowPlan {
  /** Whether a row has to be put at the newest message's time. */
  put: boolean;
  /** The newest row that stands: what a new one is copied from. */
  current: MessageGroupRow | undefined;
  /** Rows that are older than the one that will stand. */
  remove: MessageGroupRow[];
}

/**
 * Plans a move: the newest of what stands and what came stays, everything else goes. An event that is older than the
 * row, or repeated, asks for no put.
 *
 * @param rows - the member's rows of the group, in any order
 * @param newest - the newest message, its time in microseconds
 */
export function planRow(rows: readonly MessageGroupRow[], newest: { at: Micros; message: string }): RowPlan {
  const [current, ...older] = newestFirst(rows);
  const standsAt = current ? timeOf(current) : Number.NEGATIVE_INFINITY;
  // A row that had to give way to another group's stands a microsecond after its message: where the next one may be.
  const put = standsAt < newest.at || (standsAt === newest.at && current?.message !== newest.message);
  const remove = put && current && standsAt < newest.at ? [current, ...older] : older;
  return { put, current, remove };
}

/** Rows of one member and group, the newest first. */
export function newestFirst(rows: readonly MessageGroupRow[]): MessageGroupRow[] {
  return [...rows].sort((a, b) => timeOf(b) - timeOf(a) || (a.sk < b.sk ? 1 : -1));
}

/** A row whose sort key is no time is older than all others. */
export function timeOf(row: MessageGroupRow): number {
  return parseTime(row.sk) ?? Number.NEGATIVE_INFINITY;
}
