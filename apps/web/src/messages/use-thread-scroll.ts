import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { countNewBelow, isPrepending } from './thread-changes.ts';
import type { ThreadRow } from './thread-rows.ts';

/** How near to the end counts as being there, in pixels. */
const AT_END = 60;
/** How near to the oldest row older ones are asked for, in pixels: before the reader arrives there. */
const NEAR_TOP = 1_500;

interface ThreadScrollInput {
  scroller: RefObject<HTMLDivElement | null>;
  list: RefObject<VirtualizerHandle | null>;
  rows: readonly ThreadRow[];
  /** Asks for older rows, where there are any and none are on their way. */
  loadOlder: () => void;
}

/**
 * Keeps a thread at its newest row when it opens and for as long as the reader is there, else at the reader's place,
 * whatever is added above or below.
 */
export function useThreadScroll({ scroller, list, rows, loadOlder }: ThreadScrollInput) {
  const [change, setChange] = useState({ rows, prepending: false });
  if (change.rows !== rows) setChange({ rows, prepending: isPrepending(change.rows, rows) });
  const [seenKey, setSeenKey] = useState(rows.at(-1)?.key);
  const current = useRef<readonly ThreadRow[]>([]);
  const atEnd = useRef(true);

  const toNewest = useCallback(() => {
    atEnd.current = true;
    setSeenKey(current.current.at(-1)?.key);
    list.current?.scrollToIndex(current.current.length - 1, { align: 'end' });
  }, [list]);

  /** Keeps the reader's place at the end too: a message there is about to unfold. */
  const keepPlace = useCallback(() => {
    atEnd.current = false;
  }, []);

  const loadOlderNearTop = useCallback(() => {
    const element = scroller.current;
    if (element !== null && element.scrollTop < NEAR_TOP) loadOlder();
  }, [scroller, loadOlder]);

  useLayoutEffect(() => {
    const last = rows.at(-1);
    const isNew = last !== undefined && last.key !== current.current.at(-1)?.key;
    current.current = rows;
    // The reader's own message is always followed.
    if (isNew && (atEnd.current || last.kind === 'pending')) toNewest();
  }, [rows, toNewest]);

  // Rows that do not fill the pane leave nothing to scroll, so nothing else would ask for older ones. Their height is known
  // once a frame has been drawn; before, it is a guess.
  useEffect(() => {
    if (rows.length > 0) return afterNextFrame(loadOlderNearTop);
  }, [rows, loadOlderNearTop]);

  const noteEnd = () => {
    const element = scroller.current;
    if (element === null) return;
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END;
    if (atEnd.current) setSeenKey(current.current.at(-1)?.key);
  };

  return {
    isPrepending: change.prepending,
    newBelow: countNewBelow(rows, seenKey),
    toNewest,
    onScroll: () => {
      noteEnd();
      loadOlderNearTop();
    },
    /** The pane or a row has another height: a composer that grew, a lower window, a message that was folded. */
    onResize: () => {
      const element = scroller.current;
      if (atEnd.current) element?.scrollTo({ top: element.scrollHeight });
      else noteEnd();
    },
    keepPlace,
  };
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
