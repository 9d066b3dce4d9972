import { type InfiniteData, replaceEqualDeep } from '@tanstack/react-query';
import { compareTimes, toInfiniteData } from '../cache/pages.ts';
import { isRestored } from '../cache/restored.ts';
import type { MessagePage } from '../trpc/types.ts';

/** The cursor of a restored page that was shortened: there are older messages, which only the server can list. */
export const SHORTENED = '';

/**
 * For TanStack Query's `structuralSharing`: shares what is equal. If the server's page overlaps with a restored one, the older
 * messages of that one stay, so that a reader among them keeps their place. Catching up reads them again.
 */
export function joinRestored(before: unknown, read: unknown): unknown {
  if (!isRestored(before) || isRestored(read)) return replaceEqualDeep(before, read);
  return replaceEqualDeep(before, withRestoredRest(before as ThreadData, read as ThreadData));
}

type ThreadData = InfiniteData<MessagePage, string | null>;

function withRestoredRest({ pages: [restored] }: ThreadData, read: ThreadData): ThreadData {
  const [newest, second] = read.pages;
  const oldest = newest?.items[0]?.createdAt;
  if (!restored || !newest || second || oldest === undefined || restored.nextCursor === SHORTENED) return read;
  const items = restored.items.filter(({ createdAt }) => compareTimes(createdAt, oldest) < 0);
  if (newest.nextCursor === null || items.length === 0 || items.length === restored.items.length) return read;
  const { nextCursor, previousCursor, person, state } = restored;
  return toInfiniteData([newest, { items, nextCursor, previousCursor, person, state }]);
}
