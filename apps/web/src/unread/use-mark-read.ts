import { useCallback, useEffect } from 'react';
import { compareTimes } from '../cache/pages.ts';
import { useReadingEdits } from '../cache/use-unread-state.ts';
import { useReadMarker } from '../live/live-context.ts';
import { useMyself } from '../session/me-context.ts';
import type { Message } from '../trpc/types.ts';
import { type ObserveElement, useElementsInView } from '../ui/use-elements-in-view.ts';
import { useVisible } from '../ui/use-visible.ts';

interface OpenThread {
  messageGroupUuid: string | undefined;
  /** Oldest first; none before the thread is loaded. */
  messages: readonly Message[];
  /** Up to which message the person has read it; `undefined` until that is known. */
  readAt: string | null | undefined;
}

/**
 * Marks the open group as read up to the newest message in view, while the page is visible (docs/decisions/0008).
 *
 * @returns the `ref` of each message's row, whose `data-view-key` is the message's uuid
 */
export function useMarkRead({ messageGroupUuid, messages, readAt }: OpenThread): ObserveElement {
  const me = useMyself();
  const marker = useReadMarker();
  const edits = useReadingEdits();
  const isVisible = useVisible();

  const mark = useCallback(
    (inView: ReadonlySet<string>) => {
      if (messageGroupUuid === undefined || readAt === undefined || !isVisible) return;
      const isUnread = (message: Message | undefined) =>
        message !== undefined && (readAt === null || compareTimes(message.createdAt, readAt) > 0);
      const end = messages.findLastIndex(({ uuid }) => inView.has(uuid));
      const newest = messages[end];
      if (newest === undefined || !isUnread(newest)) return;
      const isLazy = !isUnread(messages.slice(0, end + 1).findLast(({ userUuid }) => userUuid !== me.uuid));
      marker.see(messageGroupUuid, newest.createdAt, isLazy);
      // Counted as read at once; the server's answer follows.
      if (!isLazy) edits.takeMarker(messageGroupUuid, newest.createdAt);
    },
    [messageGroupUuid, messages, readAt, isVisible, me.uuid, marker, edits],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: when another group is opened, or the page is hidden
  useEffect(() => () => marker.flush(), [messageGroupUuid, isVisible, marker]);
  return useElementsInView(mark);
}
