import { foldAsciiCase } from '@cruddur/config';
import type { MessageGroup } from '../trpc/types.ts';
import { compareTimes, type Page, type Pages } from './pages.ts';

/** Orders group rows for the list. */
export const newestFirst = (a: MessageGroup, b: MessageGroup) => compareTimes(b.createdAt, a.createdAt);

/**
 * All loaded groups, newest first, each once by its newest row: a group that moved between two reads is in both.
 *
 * @param data - the pages as they were read
 * @param recent - rows that came since: of messages sent from here, by events, or with the newest page
 */
export function flattenGroups(data: Pages<MessageGroup> | undefined, recent: readonly MessageGroup[]): MessageGroup[] {
  if (data === undefined) return [];
  return putGroups(
    data.pages.flatMap((page) => page.items),
    recent,
  );
}

/**
 * Puts group rows at their times, in the place of older rows of the same groups. A newer row stays: a message was sent
 * from here, and the stream has not moved the group yet.
 */
export function putGroups(groups: readonly MessageGroup[], put: readonly MessageGroup[]): MessageGroup[] {
  const newest = new Map<string, MessageGroup>();
  for (const group of [...groups, ...put]) {
    const known = newest.get(group.uuid);
    if (known === undefined || compareTimes(group.createdAt, known.createdAt) >= 0) newest.set(group.uuid, group);
  }
  return [...newest.values()].sort(newestFirst);
}

/** The group with the person of this handle, compared as the server compares handles. */
export function findGroupByHandle(groups: readonly MessageGroup[], handle: string): MessageGroup | undefined {
  const wanted = foldAsciiCase(handle);
  return groups.find((group) => foldAsciiCase(group.handle) === wanted);
}

/**
 * The time down to which newest pages must reach to leave no gap: that of the newest row of the last read. A group that
 * has moved since has a later one.
 */
export function newestTimeOf(page: Page<MessageGroup> | undefined): string | undefined {
  return page?.items[0]?.createdAt;
}

/** Whether a page reaches down to a time. */
export function reachesTime(page: Page<MessageGroup>, time: string | undefined): boolean {
  const last = page.items.at(-1);
  return last !== undefined && time !== undefined && compareTimes(last.createdAt, time) <= 0;
}
