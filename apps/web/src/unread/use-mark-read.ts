import { useEffect } from 'react';
import { useReadMarker } from '../live/live-context.ts';
import { compareTimes } from '../trpc/pages.ts';
import type { Message } from '../trpc/types.ts';
import { useVisible } from '../ui/use-visible.ts';
import { useMyself } from '../users/me-gate.tsx';
import { useReadingEdits } from './use-readings.ts';

interface OpenThread {
  messageGroupUuid: string | undefined;
  /** Oldest first; none before the thread is loaded. */
  messages: readonly Message[];
  /** Up to which message one has read it; `undefined` until that is known. */
  readAt: string | null | undefined;
}

/** Marks the messages of the open group as read while the page is looked at. */
export function useMarkRead({ messageGroupUuid, messages, readAt }: OpenThread): void {
  const me = useMyself();
  const marker = useReadMarker();
  const edits = useReadingEdits();
  const isLookedAt = useVisible();
  const newest = messages.at(-1)?.createdAt;
  const newestOfOther = messages.findLast(({ userUuid }) => userUuid !== me.uuid)?.createdAt;
  const isUnread = (time: string | undefined) =>
    time !== undefined && readAt !== undefined && (readAt === null || compareTimes(time, readAt) > 0);
  const isNeeded = isUnread(newest);
  const isLazy = !isUnread(newestOfOther);

  useEffect(() => {
    if (messageGroupUuid === undefined || newest === undefined || !isNeeded || !isLookedAt) return;
    marker.see(messageGroupUuid, newest, isLazy);
    // What is seen is read at once here; the server's answer follows.
    if (!isLazy) edits.takeMarker(messageGroupUuid, newest);
  }, [messageGroupUuid, newest, isNeeded, isLazy, isLookedAt, marker, edits]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: when another group is opened, or the page hidden
  useEffect(() => () => marker.flush(), [messageGroupUuid, isLookedAt, marker]);
}
