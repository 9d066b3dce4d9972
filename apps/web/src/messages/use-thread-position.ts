import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { ThreadRow } from './thread-rows.ts';

/** How near to the end counts as being there, in pixels. */
const AT_END = 60;
/** virtua scrolls to a row for so long, in milliseconds, also up: it guesses the heights of rows that are not measured yet. */
const FOLLOWS_MS = 200;

/** What a thread shows, and where. */
export interface ThreadView {
  scroller: RefObject<HTMLDivElement | null>;
  list: RefObject<VirtualizerHandle | null>;
  rows: readonly ThreadRow[];
}

/** Where the reader is. */
interface Position {
  /** From the newest message: `far` is more than a screen. */
  distance: 'none' | 'near' | 'far';
  /** The number of the other person's new messages below those that have been in view. */
  newBelow: number;
}

interface WholeThread {
  /** The rows reach the newest message. */
  isAtNewest: boolean;
  /** Counts the other person's messages after a time in milliseconds, of those that were unread when the thread was opened, or came later. */
  countAfter: (time: number) => number;
}

/** Watches where the reader of a thread is. Call `update` when the view has scrolled or changed its size. */
export function useThreadPosition({ scroller, list, rows }: ThreadView, { isAtNewest, countAfter }: WholeThread) {
  const [position, setPosition] = useState<Position>({ distance: 'none', newBelow: 0 });
  const latest = useRef({ position, rows, isAtNewest, countAfter });
  const atEnd = useRef(true);
  const lastTop = useRef(0);
  /** When the thread last began to scroll to its end. */
  const followedAt = useRef(Number.NEGATIVE_INFINITY);
  /** The time of the newest message that has been in view. */
  const seen = useRef(0);
  const isAtEnd = useCallback(() => atEnd.current, []);
  const setAtEnd = useCallback((isAtEnd: boolean) => {
    atEnd.current = isAtEnd;
  }, []);
  /** Call when the thread scrolls to its end. Until it is there, a move up is not the reader's. */
  const follow = useCallback(() => {
    atEnd.current = true;
    followedAt.current = performance.now();
    // Nor is one that is reported late: a banner above the thread went away while rows were added, and the pane grew.
    lastTop.current = 0;
  }, []);
  /** Call when the reader is about to scroll. */
  const endFollowing = useCallback(() => {
    followedAt.current = Number.NEGATIVE_INFINITY;
  }, []);
  const see = useCallback((row: ThreadRow | undefined) => {
    if (row !== undefined && row.time > seen.current) seen.current = row.time;
  }, []);
  const put = useCallback((next: Position) => {
    const { position } = latest.current;
    // React may render once more for a value that is the same.
    if (next.distance === position.distance && next.newBelow === position.newBelow) return;
    latest.current.position = next;
    setPosition(next);
  }, []);

  const update = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    const { rows, isAtNewest, countAfter } = latest.current;
    const bottom = element.scrollTop + element.clientHeight;
    const below = element.scrollHeight - bottom;
    // Only a reader who scrolls up leaves the end. Rows that were just added below are about to be followed.
    const isFollowing = performance.now() - followedAt.current < FOLLOWS_MS;
    const isUp = !isFollowing && element.scrollTop < lastTop.current;
    lastTop.current = element.scrollTop;
    atEnd.current = isAtNewest && (below < AT_END || (atEnd.current && !isUp));
    see(atEnd.current ? rows.at(-1) : rows[list.current?.findItemIndex(bottom) ?? -1]);
    const isFar = !isAtNewest || below > element.clientHeight;
    put({ distance: atEnd.current ? 'none' : isFar ? 'far' : 'near', newBelow: countAfter(seen.current) });
  }, [scroller, list, see, put]);

  useLayoutEffect(() => {
    Object.assign(latest.current, { rows, isAtNewest, countAfter });
    if (!atEnd.current) put({ ...latest.current.position, newBelow: countAfter(seen.current) });
  }, [rows, isAtNewest, countAfter, put]);
  return { position, isAtEnd, setAtEnd, follow, endFollowing, see, update };
}
