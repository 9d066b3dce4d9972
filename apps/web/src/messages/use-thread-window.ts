import { keepPreviousData, skipToken } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { addMessages, flattenMessages } from '../cache/lists.ts';
import { compareTimes } from '../cache/pages.ts';
import { useShownMessages } from '../outbox/use-message-changes.ts';
import { trpc } from '../trpc/trpc.ts';
import type { Message } from '../trpc/types.ts';
import { isUnread, type UnreadSpan } from './thread-rows.ts';
import type { useMessages } from './use-messages.ts';

/** Where a thread opens: at its end, at the line above the first unread message, at a message, or at a time. */
export type Place =
  | { kind: 'end' }
  | { kind: 'new' }
  | { kind: 'message'; uuid: string; time: string }
  | { kind: 'time'; time: string };

const BEGINNING = new Date(0).toISOString();
const END: Place = { kind: 'end' };
const NEW: Place = { kind: 'new' };

/** Loads more messages at one end of the loaded ones. */
export interface Loader {
  hasMore: boolean;
  isLoading: boolean;
  isError: boolean;
  load: () => unknown;
}

interface Jump {
  id: number;
  /** The time around which pages are read. */
  around: string;
  place: Place;
}

/** The shown part of a thread. Another `id` is another part, which opens at `place`. */
export interface ThreadWindow {
  id: number;
  place: Place;
  messages: readonly Message[];
  older: Loader;
  newer: Loader;
  /** It reaches the newest message. */
  isAtNewest: boolean;
  /** The first pages to show are loading. */
  isOpening: boolean;
  /** A jump is loading, or its pages could not be loaded. */
  jumping: 'loading' | 'error' | null;
  jump: (around: string, place: Place) => void;
  /** Shows the newest pages, or drops a jump that could not be loaded. */
  leave: () => void;
  /** After a jump that could not be loaded. */
  retry: () => void;
}

/**
 * The pages of a thread that are shown: the newest ones, or after a jump those around a time, until they meet the newest ones
 * or the reader returns to these. While a jump loads, the pages before it stay.
 *
 * @param opensAt - the time around which the thread opens; `null` for its newest pages, undefined if it is not known yet
 */
export function useThreadWindow(
  messageGroupUuid: string | undefined,
  newest: ReturnType<typeof useMessages>,
  opensAt: string | null | undefined,
): ThreadWindow {
  const [jump, setJump] = useState<Jump>();
  const [shown, setShown] = useState<Jump>();
  const [home, setHome] = useState(NEW);
  const [isOpen, setIsOpen] = useState(false);
  if (!isOpen && opensAt !== undefined) {
    setIsOpen(true);
    if (opensAt !== null) setJump({ id: 1, around: opensAt, place: NEW });
  }
  const { pages, around, isLoaded } = usePagesAround(messageGroupUuid, jump?.around);
  if (isLoaded && shown !== jump) setShown(jump);
  // Nothing is left of a part that was cleared.
  const isShown = shown !== undefined && around.length > 0;
  const joined = useMemo(() => joinMessages(around, newest.messages), [around, newest.messages]);
  const { isAtNewest, messages } = isShown ? joined : { isAtNewest: true, messages: newest.messages };
  return {
    id: isShown ? shown.id : 0,
    place: isShown ? shown.place : home,
    messages,
    older: isShown ? olderOf(pages) : olderOf(newest),
    newer: isAtNewest ? NO_MORE : newerOf(pages),
    isAtNewest,
    isOpening: jump?.place === NEW && shown === undefined && !pages.isError,
    jumping: jump === shown ? null : pages.isError ? 'error' : 'loading',
    jump: useCallback(
      (around: string, place: Place) => setJump((last) => ({ id: (last?.id ?? 0) + 1, around, place })),
      [],
    ),
    leave: useCallback(() => {
      setJump(undefined);
      setShown(undefined);
      setHome(END);
    }, []),
    retry: () => void pages.refetch(),
  };
}

/** The pages around a time. Those of the time before stay until they are loaded. */
function usePagesAround(messageGroupUuid: string | undefined, time: string | undefined) {
  const pages = trpc.messages.list.useInfiniteQuery(
    messageGroupUuid === undefined || time === undefined ? skipToken : { messageGroupUuid, around: time },
    {
      getNextPageParam: (page) => page.nextCursor,
      getPreviousPageParam: (page) => page.previousCursor,
      // Nothing keeps pages current that are not shown.
      gcTime: 0,
      placeholderData: keepPreviousData,
    },
  );
  const read = useMemo(() => flattenMessages(pages.data, []), [pages.data]);
  const around = useShownMessages(messageGroupUuid, read);
  return { pages, around, isLoaded: pages.data !== undefined && !pages.isPlaceholderData };
}

type Pages = ReturnType<typeof usePagesAround>['pages'];

const NO_MORE: Loader = { hasMore: false, isLoading: false, isError: false, load: () => undefined };

const olderOf = (
  query: Pick<Pages, 'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError'> & { fetchNextPage: () => unknown },
): Loader => ({
  hasMore: query.hasNextPage,
  isLoading: query.isFetchingNextPage,
  isError: query.isFetchNextPageError,
  load: query.fetchNextPage,
});

const newerOf = (query: Pages): Loader => ({
  hasMore: query.hasPreviousPage,
  isLoading: query.isFetchingPreviousPage,
  isError: query.isFetchPreviousPageError,
  load: query.fetchPreviousPage,
});

/** The messages of a window, with the newest ones once the two meet. Both are oldest first. */
export function joinMessages(
  window: readonly Message[],
  newest: readonly Message[],
): { messages: readonly Message[]; isAtNewest: boolean } {
  const [first] = newest;
  const last = window.at(-1);
  const meets = first === undefined || (last !== undefined && compareTimes(last.createdAt, first.createdAt) >= 0);
  return meets ? { messages: addMessages(window, newest), isAtNewest: true } : { messages: window, isAtNewest: false };
}

/** The time at which a thread opens whose first unread message is older than the newest page; else `null`. */
export function openingTime(
  { messages, hasNextPage }: Pick<ReturnType<typeof useMessages>, 'messages' | 'hasNextPage'>,
  unread: UnreadSpan,
  myUuid: string,
): string | null {
  const [oldest] = messages;
  if (oldest === undefined || !hasNextPage || !messages.some((message) => isUnread(message, unread, myUuid)))
    return null;
  if (unread.after === null) return BEGINNING;
  return compareTimes(oldest.createdAt, unread.after) > 0 ? unread.after : null;
}
