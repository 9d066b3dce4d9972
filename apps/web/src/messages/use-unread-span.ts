import { useState } from 'react';
import type { Message } from '../trpc/types.ts';
import { useVisible } from '../ui/browser.ts';
import { isUnread, type UnreadSpan } from './thread-rows.ts';

interface OpenThread {
  myUuid: string;
  /** Oldest first; none before the thread is loaded. */
  messages: readonly Message[];
  /** The time up to which the person has read: `null` if nothing, undefined if it is not known. */
  readAt: string | null | undefined;
  /** The messages are loaded, and so is the marker, unless it could not be. */
  isLoaded: boolean;
}

/**
 * What was unread when the thread was opened: for the visit, whatever is read meanwhile. What arrives while the page is hidden
 * replaces it on return.
 */
export function useUnreadSpan({ myUuid, messages, readAt, isLoaded }: OpenThread): UnreadSpan | undefined {
  const isVisible = useVisible();
  const [wasVisible, setWasVisible] = useState(isVisible);
  const [span, setSpan] = useState<UnreadSpan>();
  const now = toSpan(messages, readAt);
  if (isLoaded && span === undefined) setSpan(now);
  if (isVisible !== wasVisible) {
    setWasVisible(isVisible);
    const hasUnread = messages.some((message) => isUnread(message, now, myUuid));
    if (isVisible && isLoaded && hasUnread) setSpan(now);
  }
  return span;
}

/** Without a known marker, nothing counts as unread. */
function toSpan(messages: readonly Message[], readAt: string | null | undefined): UnreadSpan {
  const through = messages.at(-1)?.createdAt ?? '';
  return { after: readAt === undefined ? through : readAt, through };
}
