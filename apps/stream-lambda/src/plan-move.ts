import { type MessageGroupRow, parseTime } from '@cruddur/ddb';

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
 * @param at - time of the newest message, microseconds
 */
export function planMove(rows: readonly MessageGroupRow[], at: number): RowPlan {
  const [current, ...older] = [...rows].sort((a, b) => timeOf(b) - timeOf(a) || (a.sk < b.sk ? 1 : -1));
  const put = !current || timeOf(current) < at;
  return { put, current, remove: put && current ? [current, ...older] : older };
}

/** A row whose sort key is no time is older than all others. */
export function timeOf(row: MessageGroupRow): number {
  return parseTime(row.sk) ?? Number.NEGATIVE_INFINITY;
}
