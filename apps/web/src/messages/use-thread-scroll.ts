import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { schedule } from '../ui/timers.ts';
import { indexOfMessage, isMessageRow, type ThreadRow } from './thread-rows.ts';
import { type ThreadView, useThreadPosition } from './use-thread-position.ts';
import type { Loader, Place, ThreadWindow } from './use-thread-window.ts';

/** How near to an end of the loaded rows more are loaded, in pixels: before the reader arrives there. */
const NEAR = 1_500;
/** Rows are measured within this time after they are drawn, in milliseconds. */
const SETTLE_MS = 200;
/** What is drawn above the rows covers so much of them, in pixels. */
const ABOVE_ROWS = 64;

type ShownWindow = Pick<ThreadWindow, 'id' | 'place' | 'older' | 'newer' | 'isAtNewest'>;

interface ThreadScrollOptions {
  /** Counts the other person's messages after a time that were unread when the thread was opened, or came later, in the whole thread. */
  countAfter: (time: number) => number;
  /** Called before the thread scrolls, not the reader. Its identity never changes. */
  onOwnScroll: () => void;
}

/**
 * Opens a part of a thread at its place. Then keeps it at the newest row for as long as the reader is there, otherwise at the
 * reader's place, whatever is added above or below.
 */
export function useThreadScroll(
  view: ThreadView,
  window: ShownWindow,
  { countAfter, onOwnScroll }: ThreadScrollOptions,
) {
  const { scroller, list, rows } = view;
  const { id, place, isAtNewest, older, newer } = window;
  const current = useRef<{ rows: readonly ThreadRow[]; id?: number }>({ rows: [] });
  const thread = useThreadPosition(view, { isAtNewest, countAfter });
  const { position, isAtEnd, setAtEnd, follow, endFollowing, see, update } = thread;
  const { goTo, settling, endSettling } = useSettling(view, current, { onOwnScroll, onSettled: update });

  const toEnd = useCallback(() => {
    endSettling();
    follow();
    see(current.current.rows.at(-1));
    onOwnScroll();
    list.current?.scrollToIndex(current.current.rows.length - 1, { align: 'end' });
  }, [list, endSettling, follow, see, onOwnScroll]);
  const toKey = useCallback(
    (key: string, place: Place) => {
      setAtEnd(false);
      goTo(key, place);
    },
    [goTo, setAtEnd],
  );

  // React's strict mode, as in development, removes and adds effects once, which ends the scrolling: open again.
  useLayoutEffect(
    () => () => {
      current.current = { rows: [] };
    },
    [],
  );
  useLayoutEffect(() => {
    const last = rows.at(-1);
    const before = current.current;
    const isNew = last !== undefined && last.key !== before.rows.at(-1)?.key;
    current.current = { rows, id };
    if (before.id !== id) {
      const key = keyAt(rows, place);
      if (key === undefined) toEnd();
      else toKey(key, place);
    } else if (isNew && isAtNewest && (isAtEnd() || last.kind === 'pending')) {
      // The reader's own message is always followed.
      toEnd();
    } else if (rows.length < before.rows.length) {
      // virtua keeps scrolling to an index for 150 ms: to one that is gone, it would scroll to the top.
      if (isAtEnd()) toEnd();
      else if (settling.current) settling.current();
      else list.current?.scrollTo(list.current.scrollOffset);
    }
  }, [list, rows, id, place, isAtNewest, isAtEnd, toEnd, toKey, settling]);

  const loadNearEnds = useLoadNearEnds(scroller, rows, older, newer);

  return {
    isPrepending: useIsPrepending(rows),
    position,
    toEnd,
    isAtEnd,
    /** Scrolls to the row of a place: to the middle of the view, unless the place says otherwise. */
    toKey,
    /** The reader scrolls: from now on their place counts. */
    onIntent: () => {
      endFollowing();
      if (settling.current === undefined) return;
      endSettling();
      update();
    },
    onScroll: () => {
      if (settling.current === undefined) update();
      loadNearEnds();
    },
    /** The height of the pane or a row has changed: the composer grew, the window shrank, a message was folded. */
    onResize: () => {
      const element = scroller.current;
      if (settling.current !== undefined) settling.current();
      else if (isAtEnd()) {
        onOwnScroll();
        element?.scrollTo({ top: element.scrollHeight });
      } else update();
    },
    /** Call before a message unfolds: a reader at the end must stay where they are. */
    keepPlace: useCallback(() => {
      endSettling();
      setAtEnd(false);
    }, [endSettling, setAtEnd]),
  };
}

/**
 * Scrolls to a row, and again whenever rows that were drawn for it have been measured, until the view has settled there or the
 * reader scrolls.
 */
function useSettling(
  { scroller, list }: ThreadView,
  current: RefObject<{ rows: readonly ThreadRow[] }>,
  { onOwnScroll, onSettled }: { onOwnScroll: () => void; onSettled: () => void },
) {
  const settling = useRef<(() => void) | undefined>(undefined);
  const cancel = useRef(() => {});
  const endSettling = useCallback(() => {
    cancel.current();
    settling.current = undefined;
  }, []);
  useEffect(() => endSettling, [endSettling]);
  const goTo = useCallback(
    (key: string, place: Place) => {
      settling.current = () => {
        const index = current.current.rows.findIndex((row) => row.key === key);
        const height = scroller.current?.clientHeight ?? 0;
        onOwnScroll();
        // The first unread one is near the top third, so that what was read before is in view.
        const top = place.kind === 'kept' ? place.top : place.kind === 'new' ? height / 4 : undefined;
        if (top === undefined) list.current?.scrollToIndex(index, { align: 'center' });
        else list.current?.scrollToIndex(index, { align: 'start', offset: -top });
        cancel.current();
        cancel.current = schedule(() => {
          settling.current = undefined;
          if (place.kind === 'hit') bringIntoView(scroller.current, place.found());
          onSettled();
        }, SETTLE_MS);
      };
      settling.current();
    },
    [scroller, list, current, onOwnScroll, onSettled],
  );
  return { settling, goTo, endSettling };
}

/** A message may be higher than the view: what was found in it must be in view, and not behind what is drawn above the rows. */
function bringIntoView(scroller: HTMLElement | null, found: DOMRect | undefined): void {
  if (scroller === null || found === undefined) return;
  const view = scroller.getBoundingClientRect();
  if (found.top >= view.top + ABOVE_ROWS && found.bottom <= view.bottom - ABOVE_ROWS) return;
  scroller.scrollBy({ top: (found.top + found.bottom - view.top - view.bottom) / 2 });
}

/** The row at which a thread opens; none for its end. */
export function keyAt(rows: readonly ThreadRow[], place: Place): string | undefined {
  switch (place.kind) {
    case 'end':
      return undefined;
    case 'new':
      return rows.find((row) => row.kind === 'new')?.key;
    case 'message':
    case 'hit':
    case 'kept':
      return rows[indexOfMessage(rows, place)]?.key ?? keyAtTime(rows, place.time);
    case 'time':
      return keyAtTime(rows, place.time);
  }
}

const keyAtTime = (rows: readonly ThreadRow[], time: string) =>
  rows.find((row) => isMessageRow(row) && row.time >= Date.parse(time))?.key;

function useIsPrepending(rows: readonly ThreadRow[]): boolean {
  const [change, setChange] = useState({ rows, prepending: false });
  if (change.rows !== rows) setChange({ rows, prepending: isPrepending(change.rows, rows) });
  return change.prepending;
}

/** Loads more rows while the reader is near an end of the loaded ones. Returns the scroll handler. */
function useLoadNearEnds(
  scroller: RefObject<HTMLDivElement | null>,
  rows: readonly ThreadRow[],
  older: Loader,
  newer: Loader,
): () => void {
  // One at a time: the second would cancel the first.
  const isLoading = older.isLoading || newer.isLoading;
  const loadOlder = isLoading ? undefined : loaderOf(older);
  const loadNewer = isLoading ? undefined : loaderOf(newer);
  const loadNearEnds = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (loadOlder && element.scrollTop < NEAR) loadOlder();
    else if (below < NEAR) loadNewer?.();
  }, [scroller, loadOlder, loadNewer]);

  // Rows that do not fill the pane cannot be scrolled, so nothing else would load more. Before a frame is drawn, their height
  // is a guess.
  useEffect(() => {
    if (rows.length > 0) return afterNextFrame(loadNearEnds);
  }, [rows, loadNearEnds]);
  return loadNearEnds;
}

const loaderOf = ({ hasMore, isError, load }: Loader) => (hasMore && !isError ? load : undefined);

function afterNextFrame(callback: () => void): () => void {
  let timer: number | undefined;
  const frame = requestAnimationFrame(() => {
    timer = window.setTimeout(callback);
  });
  return () => {
    cancelAnimationFrame(frame);
    window.clearTimeout(timer);
  };
}

/** Whether rows were added above those that were there. */
export function isPrepending(before: readonly ThreadRow[], after: readonly ThreadRow[]): boolean {
  const first = firstMessageKey(before);
  return first !== undefined && first !== firstMessageKey(after) && after.some((row) => row.key === first);
}

// Not the first row: a day's row moves up when messages of the same day are added above.
function firstMessageKey(rows: readonly ThreadRow[]): string | undefined {
  return rows.find(isMessageRow)?.key;
}
