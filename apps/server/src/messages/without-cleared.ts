import { type MessagePage, withoutClearedQuote } from '@cruddur/ddb';

/**
 * A page of a thread without what its reader has cleared, which is older than all that is left. A quote of a cleared message shows
 * nothing of it, like one of a deleted message.
 *
 * @param clearedThrough - ISO 8601 in UTC with microseconds, or `null`
 */
export function withoutCleared(page: MessagePage, clearedThrough: string | null): MessagePage {
  if (clearedThrough === null) return page;
  const items = page.items.filter(({ createdAt }) => createdAt > clearedThrough);
  const isEnd = items.length < page.items.length;
  return {
    items: items.map((message) => withoutClearedQuote(message, clearedThrough)),
    nextCursor: isEnd ? null : page.nextCursor,
    previousCursor: page.previousCursor,
  };
}
