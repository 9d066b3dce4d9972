import { type Reading, takeCount, unreadOf } from '../cache/unread-state.ts';
import type { MessageGroup } from '../trpc/types.ts';

/** What is unread in a person's conversations. */
export interface UnreadGroups {
  /** Unread messages by loaded group; groups without any are left out. */
  counts: ReadonlyMap<string, number>;
  /** Groups with something unread, loaded or not. */
  total: number;
}

export const NO_UNREAD: UnreadGroups = { counts: new Map(), total: 0 };

/** @param onServer - the groups with something unread as the server last listed them: for groups that are not loaded */
export function countUnread(
  groups: readonly MessageGroup[],
  readings: Readonly<Record<string, Reading>>,
  onServer: readonly string[],
): UnreadGroups {
  const counts = new Map<string, number>();
  const loaded = new Set<string>();
  for (const group of groups) {
    loaded.add(group.uuid);
    // A row that has just come is not among the readings yet.
    const count = unreadOf(readings[group.uuid] ?? takeCount(undefined, group));
    if (count > 0) counts.set(group.uuid, count);
  }
  return { counts, total: counts.size + onServer.filter((uuid) => !loaded.has(uuid)).length };
}

/** The same without one of the loaded groups. */
export function withoutGroup(unread: UnreadGroups, messageGroupUuid: string): UnreadGroups {
  if (!unread.counts.has(messageGroupUuid)) return unread;
  const counts = new Map(unread.counts);
  counts.delete(messageGroupUuid);
  return { counts, total: unread.total - 1 };
}
