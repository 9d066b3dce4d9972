import { isMuted } from '../cache/group-state.ts';
import type { GroupFilter } from './group-filter.ts';
import type { ListRow } from './list-rows.ts';

interface FilterState {
  filter: GroupFilter;
  /** Unread messages by group, if there are any. */
  unread: ReadonlyMap<string, number>;
  /** The open conversation, if it was unread when it was opened: its row stays while it is read. */
  kept: string | undefined;
}

/** The rows that a filter shows, in their order. Requests are apart from all others. */
export function filterRows(rows: readonly ListRow[], { filter, unread, kept }: FilterState): ListRow[] {
  return rows.filter((row) => {
    if (filter === 'requests') return row.isRequest;
    if (row.isRequest) return false;
    return filter === 'all' || isUnreadRow(row, unread) || row.uuid === kept;
  });
}

const isUnreadRow = ({ uuid, isMarkedUnread }: ListRow, unread: ReadonlyMap<string, number>): boolean =>
  isMarkedUnread || (unread.get(uuid) ?? 0) > 0;

/**
 * Whether a row asks for attention: it is marked as unread, or has unread messages and is not muted.
 *
 * @param now - milliseconds since the epoch
 */
export const asksForAttention = (row: ListRow, unread: ReadonlyMap<string, number>, now: number): boolean =>
  row.isMarkedUnread || (isUnreadRow(row, unread) && !isMuted(row.mutedUntil, now));
