import { foldAsciiCase } from '@cruddur/config';
import type { MessageGroup } from '../trpc/types.ts';
import { compareTimes, type Pages } from './pages.ts';

/** Orders group rows for the list. */
export const compareGroups = (a: MessageGroup, b: MessageGroup) => compareTimes(b.createdAt, a.createdAt);

/** All loaded groups, newest first, each once: a group that moved between two reads is in both pages. */
export function flattenGroups(data: Pages<MessageGroup> | undefined, live: readonly MessageGroup[]): MessageGroup[] {
  const read = data?.pages.flatMap((page) => page.items);
  return read ? putGroups(read, live) : [];
}

/**
 * Adds group rows, which replace older ones of the same groups. A newer row stays: of a message that was just sent, whose
 * group the server's stream has not moved yet.
 */
export function putGroups(groups: readonly MessageGroup[], put: readonly MessageGroup[]): MessageGroup[] {
  const newest = new Map<string, MessageGroup>();
  for (const group of [...groups, ...put]) {
    const known = newest.get(group.uuid);
    if (known === undefined || compareTimes(group.createdAt, known.createdAt) >= 0) newest.set(group.uuid, group);
  }
  return [...newest.values()].sort(compareGroups);
}

/** The group with the person of this handle, compared as the server compares handles. */
export function findGroupByHandle(groups: readonly MessageGroup[], handle: string): MessageGroup | undefined {
  const wanted = foldAsciiCase(handle);
  return groups.find((group) => foldAsciiCase(group.handle) === wanted);
}
