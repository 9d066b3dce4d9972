import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { useLive } from '../cache/live-state.ts';
import { compareTimes } from '../cache/pages.ts';
import { countAsRead, putMarker } from '../cache/signal-edits.ts';
import { useMyself } from '../session/me-context.ts';
import { useSessionStore } from '../session/session-store.ts';
import { OUTLIVES_PAGE } from '../trpc/at-once-link.ts';
import { useTRPC } from '../trpc/trpc.ts';
import type { Message, ReadMarker } from '../trpc/types.ts';
import { useVisible } from '../ui/browser.ts';
import { type ObserveElement, useElementsInView } from '../ui/in-view.ts';
import { createReadReceiptSender, type ReadReceiptSender } from './read-receipt-sender.ts';

export const ReadReceiptContext = createContext<ReadReceiptSender | null>(null);

export function useReadReceipts(): ReadReceiptSender {
  const receipts = useContext(ReadReceiptContext);
  if (receipts === null) throw new Error('Read receipts are used outside LiveProvider');
  return receipts;
}

/** Sends this tab's read receipts. Only the first render's `onMarked` is called, with each marker the server returns. */
export function useReadReceiptSender(onMarked: (marker: ReadMarker) => void): ReadReceiptSender {
  const { current: whoIsSignedIn } = useSessionStore();
  const trpc = useTRPC();
  const { mutateAsync } = useMutation(
    trpc.messageGroups.markRead.mutationOptions({ trpc: { context: OUTLIVES_PAGE } }),
  );
  const [sender] = useState(() =>
    createReadReceiptSender(async (messageGroupUuid, createdAt) =>
      onMarked(await mutateAsync({ messageGroupUuid, createdAt })),
    ),
  );
  useEffect(() => {
    // A tab that is closed may have no time for the effect of being hidden.
    window.addEventListener('pagehide', sender.flush);
    return () => {
      window.removeEventListener('pagehide', sender.flush);
      // After signing out there is no token to send with.
      if (whoIsSignedIn()) sender.flush();
      sender.stop();
    };
  }, [sender, whoIsSignedIn]);
  return sender;
}

interface OpenThread {
  messageGroupUuid: string | undefined;
  /** Oldest first; none before the thread is loaded. */
  messages: readonly Message[];
  /** Of `useReadTimes`. */
  readAt: string | null | undefined;
}

/**
 * Marks the open group as read up to the newest message in view, while the page is visible (docs/decisions/0008).
 *
 * @returns the `ref` of each message's row, whose `data-view-key` is the message's uuid
 */
export function useMarkRead({ messageGroupUuid, messages, readAt }: OpenThread): ObserveElement {
  const me = useMyself();
  const client = useQueryClient();
  const receipts = useReadReceipts();
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
      receipts.see(messageGroupUuid, newest.createdAt, isLazy);
      // Optimistic: the badge goes before the server has answered.
      if (!isLazy) countAsRead(client, messageGroupUuid, newest.createdAt);
    },
    [messageGroupUuid, messages, readAt, isVisible, me.uuid, receipts, client],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: when another group is opened, or the page is hidden
  useEffect(() => () => receipts.flush(), [messageGroupUuid, isVisible, receipts]);
  return useElementsInView(mark);
}

const NONE: readonly ReadMarker[] = [];

/** A group's read markers as they were read. */
export function useReadMarkers(messageGroupUuid: string | undefined, enabled = true) {
  const trpc = useTRPC();
  const input = messageGroupUuid === undefined ? skipToken : { messageGroupUuid };
  return useQuery(trpc.messageGroups.readMarkers.queryOptions(input, { enabled }));
}

/**
 * The times of the newest messages that the two members have read; `undefined` until known, `null` if there are none.
 * `isSettled`: they are known, or could not be read at once.
 *
 * @param options - `isCalled: false` asks the server nothing: they are what the page knows
 */
export function useReadTimes(messageGroupUuid: string | undefined, { isCalled = true } = {}) {
  const me = useMyself();
  const { data, failureCount, fetchStatus } = useReadMarkers(messageGroupUuid, isCalled);
  const live = useLive(({ markers }) => markers[messageGroupUuid ?? ''] ?? NONE);
  const times = useMemo(() => {
    const read = data?.items ?? (isCalled ? undefined : NONE);
    return readTimes(read && live.reduce(putMarker, [...read]), me.uuid);
  }, [isCalled, live, data, me.uuid]);
  return { ...times, isSettled: data !== undefined || failureCount > 0 || fetchStatus === 'paused' };
}

export function readTimes(markers: readonly ReadMarker[] | undefined, myUuid: string) {
  const timeOf = (isMine: boolean) =>
    markers && (markers.find(({ userUuid }) => (userUuid === myUuid) === isMine)?.readAt ?? null);
  return { mine: timeOf(true), others: timeOf(false) };
}
