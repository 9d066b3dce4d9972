import { useState } from 'react';
import { compareTimes } from '../cache/pages.ts';
import type { Message } from '../trpc/types.ts';
import { useVisible } from '../ui/browser.ts';
import { isUnread, type UnreadSpan } from './thread-rows.ts';

/** What is known of how far the person has read a thread. */
export interface ReadState {
  /** The time up to which they have read: `null` if nothing, undefined if it is not known. */
  readAt: string | null | undefined;
  /** The number of unread messages, if it is known. */
  unreadCount: number | undefined;
}

interface OpenThread {
  myUuid: string;
  /** Oldest first; none before the thread is loaded. */
  messages: readonly Message[];
  /** Called when the thread is opened, and when the page is shown again. */
  readState: () => ReadState;
  /** The messages are loaded, and the read state is, unless it could not be. */
  isLoaded: boolean;
}

/**
 * What was unread when the thread was opened. It stays for the visit, whatever is read since. What arrives while the page is hidden
 * replaces it on return.
 */
export function useUnreadSpan({ myUuid, messages, readState, isLoaded }: OpenThread): UnreadSpan | undefined {
  const isVisible = useVisible();
  const [wasVisible, setWasVisible] = useState(isVisible);
  const [span, setSpan] = useState<UnreadSpan>();
  if (isLoaded && span === undefined) setSpan(unreadSpan(messages, readState(), myUuid));
  if (isVisible !== wasVisible) {
    setWasVisible(isVisible);
    const next = unreadSpan(messages, readState(), myUuid);
    if (isVisible && isLoaded && messages.some((message) => isUnread(message, next, myUuid))) setSpan(next);
  }
  return span;
}

/** Without a marker, the count decides: rows of the origin have none, and count as read. Without either, nothing is unread. */
export function unreadSpan(
  messages: readonly Message[],
  { readAt, unreadCount = 0 }: ReadState,
  myUuid: string,
): UnreadSpan {
  const through = messages.at(-1)?.createdAt ?? '';
  if (readAt === undefined || (readAt === null && unreadCount === 0)) return { after: through, through };
  if (readAt !== null) return { after: readAt, through };
  const theirs = messages.filter((message) => isUnread(message, { after: null, through }, myUuid));
  const first = theirs.at(-unreadCount);
  const before = messages.findLast(({ createdAt }) => first && compareTimes(createdAt, first.createdAt) < 0);
  return { after: before?.createdAt ?? null, through };
}
