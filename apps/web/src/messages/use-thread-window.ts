import { keepPreviousData, skipToken, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { addMessages, flattenMessages } from '../cache/lists.ts';
import { BY_CURSOR, compareTimes } from '../cache/pages.ts';
import { useShownMessages } from '../outbox/use-message-changes.ts';
import { useTRPC } from '../trpc/trpc.ts';
import type { Message } from '../trpc/types.ts';
import { isUnread, type MessageName, type UnreadSpan } from './thread-rows.ts';
import type { useMessages } from './use-messages.ts';

/**
 * Where a thread opens: at its end, at the line above the first unread message, at a message, at one that a search has found, where
 * the reader was, or at a time. `found`: where in the message it was found. `top`: how far the message is below the upper edge of the view,
 * in pixels.
 */
export type Place =
  | { kind: 'end' }
  | { kind: 'new' }
  | ({ kind: 'message' } & MessageName)
  | ({ kind: 'hit'; found: () => DOMRect | undefined } & MessageName)
  | ({ kind: 'kept'; top: number } & MessageName)
  | { kind: 'time'; time: string };

/** Of the jump that opens a thread. */
const OPENING_ID = 1;
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

/** Where a thread opens. */
export interface Opening {
  /** The time around which pages are read; `null` for the newest ones. */
  around: string | null;
  place: Place;
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
  /** A jump is loading, waits for the network, or its pages could not be loaded. */
  jumping: 'loading' | 'waiting' | 'error' | null;
  jump: (around: string, place: Place) => void;
  /** Drops a jump that is loading. */
  stay: () => void;
  /** Shows the newest pages, or drops a jump that could not be loaded. */
  leave: () => void;
  /** After a jump that could not be loaded. */
  retry: () => void;
}

/**
 * The pages of a thread that are shown: the newest ones, or after a jump those around a time, until they meet the newest ones
 * or the reader returns to these. While a jump loads, the pages before it stay.
 *
 * @param opening - undefined if it is not known yet
 */
export function useThreadWindow(
  messageGroupUuid: string | undefined,
  newest: ReturnType<typeof useMessages>,
  opening: Opening | undefined,
): ThreadWindow {
  const [jump, setJump] = useState<Jump>();
  const [shown, setShown] = useState<Jump>();
  const [home, setHome] = useState(NEW);
  const [isOpen, setIsOpen] = useState(false);
  if (!isOpen && opening !== undefined) {
    setIsOpen(true);
    if (opening.around === null) setHome(opening.place);
    else setJump({ id: OPENING_ID, around: opening.around, place: opening.place });
  }
  const goHome = useCallback((place: Place) => {
    setJump(undefined);
    setShown(undefined);
    setHome(place);
  }, []);
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
    isOpening: jump?.id === OPENING_ID && shown === undefined && !pages.isError && !pages.isPaused,
    jumping: jump === shown ? null : pages.isError ? 'error' : pages.isPaused ? 'waiting' : 'loading',
    jump: (around, place) => {
      if (reaches(newest, around)) goHome(place);
      else setJump((last) => ({ id: (last?.id ?? OPENING_ID) + 1, around, place }));
    },
    stay: () => setJump(shown),
    leave: useCallback(() => goHome(END), [goHome]),
    retry: () => void pages.refetch(),
  };
}

/** The pages around a time. Those of the time before stay until they are loaded. */
function usePagesAround(messageGroupUuid: string | undefined, time: string | undefined) {
  const trpc = useTRPC();
  const isKnown = messageGroupUuid !== undefined && time !== undefined;
  const pages = useInfiniteQuery(
    trpc.messages.list.infiniteQueryOptions(isKnown ? { messageGroupUuid, around: time } : skipToken, {
      ...BY_CURSOR,
      getPreviousPageParam: (page) => page.previousCursor,
      // Nothing keeps pages current that are not shown.
      gcTime: 0,
      placeholderData: keepPreviousData,
    }),
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

type NewestPages = Pick<ReturnType<typeof useMessages>, 'messages' | 'hasNextPage'>;

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

/** Whether a time is within the newest pages. */
function reaches({ messages, hasNextPage }: NewestPages, time: string): boolean {
  const [oldest] = messages;
  return !hasNextPage || (oldest !== undefined && Date.parse(oldest.createdAt) < Date.parse(time));
}

/** Where a thread opens by a link: at the message of that time. */
export function openingAt(newest: NewestPages, time: string): Opening {
  return { around: reaches(newest, time) ? null : time, place: { kind: 'message', time } };
}

/** Where a thread opens without a link: at its first unread message, or its end. */
export const openingAtUnread = (newest: NewestPages, unread: UnreadSpan, myUuid: string): Opening => ({
  around: openingTime(newest, unread, myUuid),
  place: NEW,
});

/** The same among the loaded messages. */
export const atUnread = (): Opening => ({ around: null, place: NEW });

/** The time at which a thread opens whose first unread message is older than the newest page; else `null`. */
export function openingTime({ messages, hasNextPage }: NewestPages, unread: UnreadSpan, myUuid: string): string | null {
  const [oldest] = messages;
  if (oldest === undefined || !hasNextPage || !messages.some((message) => isUnread(message, unread, myUuid)))
    return null;
  if (unread.after === null) return BEGINNING;
  return compareTimes(oldest.createdAt, unread.after) > 0 ? unread.after : null;
}
