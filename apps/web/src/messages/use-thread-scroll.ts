import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { ThreadRow } from './thread-rows.ts';
import type { OlderMessages } from './use-messages.ts';

/** How near to the end counts as being there, in pixels. */
const AT_END = 60;
/** How near to the oldest row older ones are loaded, in pixels: before the reader arrives there. */
const NEAR_TOP = 1_500;

/** What a thread shows, and where. */
export interface ThreadView {
  scroller: RefObject<HTMLDivElement | null>;
  list: RefObject<VirtualizerHandle | null>;
  rows: readonly ThreadRow[];
}

/**
 * Keeps a thread at its newest row when it opens and for as long as the reader is there, otherwise at the reader's place,
 * whatever is added above or below.
 */
export function useThreadScroll({ scroller, list, rows }: ThreadView, older: OlderMessages) {
  /** The newest row when the reader left the end; none while they are there. */
  const [seenKey, setSeenKey] = useState<string>();
  const current = useRef<readonly ThreadRow[]>([]);
  const atEnd = useRef(true);
  const setAtEnd = useCallback((isAtEnd: boolean) => {
    atEnd.current = isAtEnd;
    setSeenKey((key) => (isAtEnd ? undefined : (key ?? current.current.at(-1)?.key)));
  }, []);

  const toNewest = useCallback(() => {
    setAtEnd(true);
    list.current?.scrollToIndex(current.current.length - 1, { align: 'end' });
  }, [list, setAtEnd]);

  useLayoutEffect(() => {
    const last = rows.at(-1);
    const isNew = last !== undefined && last.key !== current.current.at(-1)?.key;
    current.current = rows;
    // The reader's own message is always followed.
    if (isNew && (atEnd.current || last.kind === 'pending')) toNewest();
  }, [rows, toNewest]);

  const updateAtEnd = () => {
    const element = scroller.current;
    if (element === null) return;
    setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < AT_END);
  };
  const loadOlderNearTop = useLoadNearTop(scroller, rows, older);

  return {
    isPrepending: useIsPrepending(rows),
    newBelow: countNewBelow(rows, seenKey),
    toNewest,
    onScroll: () => {
      updateAtEnd();
      loadOlderNearTop();
    },
    /** The height of the pane or a row has changed: the composer grew, the window shrank, a message was folded. */
    onResize: () => {
      const element = scroller.current;
      if (atEnd.current) element?.scrollTo({ top: element.scrollHeight });
      else updateAtEnd();
    },
    /** Call before a message unfolds: a reader at the end must stay where they are. */
    keepPlace: useCallback(() => setAtEnd(false), [setAtEnd]),
  };
}

function useIsPrepending(rows: readonly ThreadRow[]): boolean {
  const [change, setChange] = useState({ rows, prepending: false });
  if (change.rows !== rows) setChange({ rows, prepending: isPrepending(change.rows, rows) });
  return change.prepending;
}

/** Loads older rows while the reader is near the top. Returns the scroll handler. */
function useLoadNearTop(
  scroller: RefObject<HTMLDivElement | null>,
  rows: readonly ThreadRow[],
  { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage }: OlderMessages,
): () => void {
  const canLoad = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  const loadNearTop = useCallback(() => {
    const element = scroller.current;
    if (element !== null && element.scrollTop < NEAR_TOP && canLoad) void fetchNextPage();
  }, [scroller, canLoad, fetchNextPage]);

  // Rows that do not fill the pane cannot be scrolled, so nothing else would load older ones. Before a frame is drawn, their
  // height is a guess.
  useEffect(() => {
    if (rows.length > 0) return afterNextFrame(loadNearTop);
  }, [rows, loadNearTop]);
  return loadNearTop;
}

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
  return rows.find((row) => row.kind !== 'day')?.key;
}

/** How many messages of the other person are below the last row that the reader has seen; without one, none. */
export function countNewBelow(rows: readonly ThreadRow[], seenKey: string | undefined): number {
  const seen = rows.findLastIndex((row) => row.key === seenKey);
  // The row is gone: an unsent message was deleted, or the thread was replaced by newer pages.
  if (seen === -1) return 0;
  return rows.slice(seen + 1).filter((row) => row.kind === 'message' && !row.own).length;
}
