import type { MessageGroup } from '../trpc/types.ts';
import { type Reading, takeCount, unreadOf } from './reading.ts';

/** Unread messages of the loaded groups. */
export interface UnreadGroups {
  /** By group; those without any are left out. */
  counts: ReadonlyMap<string, number>;
  total: number;
}

export const NO_UNREAD: UnreadGroups = { counts: new Map(), total: 0 };

/** @param inView - the group that is being read: nothing in it is unread */
export function countUnread(
  groups: readonly MessageGroup[],
  readings: Readonly<Record<string, Reading>>,
  inView: string | undefined,
): UnreadGroups {
  const counts = new Map<string, number>();
  let total = 0;
  for (const group of groups) {
    // A row that has just come is not among the readings yet.
    const count = unreadOf(readings[group.uuid] ?? takeCount(undefined, group));
    if (count === 0 || group.uuid === inView) continue;
    counts.set(group.uuid, count);
    total += count;
  }
  return { counts, total };
}
