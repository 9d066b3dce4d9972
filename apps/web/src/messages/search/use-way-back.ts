import { type RefObject, useContext, useEffect, useLayoutEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { isMessageRow, type MessageRow } from '../thread-rows.ts';
import { type ThreadHandle, ThreadSearchContext } from '../thread-search-context.ts';
import type { Place } from '../use-thread-window.ts';

/** Where the reader was before they searched: a message and how far it was from the upper edge; `null` for the thread's end. */
type Before = Extract<Place, { kind: 'kept' }> | null;

/**
 * Leads back to where the reader was, with the same focus: unless they have scrolled since, or have moved the focus out of the
 * search. Then they stay.
 *
 * @param asked - `opening`: another number if the person asks for the search again; if they are elsewhere, they return there.
 *   `focused`: what had the focus before the search was opened
 * @param on - `onClose` removes the search; `onFocusLost` is called if nothing in the thread can take the focus
 */
export function useWayBack(
  part: RefObject<HTMLElement | null>,
  { opening, focused }: { opening: number; focused: Element | null },
  on: { onClose: () => void; onFocusLost: () => void },
) {
  const { thread } = useContext(ThreadSearchContext);
  const before = useRef<Before | undefined>(undefined);
  const hasWalked = useRef(false);
  const isElsewhere = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that the person asks for the search
  useLayoutEffect(() => {
    if (before.current !== undefined && !isElsewhere.current) return;
    before.current = placeIn(thread());
    hasWalked.current = false;
    isElsewhere.current = false;
  }, [thread, opening]);

  useEffect(() => {
    const onMove = ({ target }: Event) => {
      if (target instanceof Element && target.closest('[role="log"]')) isElsewhere.current = true;
    };
    const onFocus = ({ target }: Event) => {
      if (target instanceof Element && !part.current?.contains(target)) isElsewhere.current = true;
    };
    const listeners = { wheel: onMove, touchmove: onMove, focusin: onFocus };
    const entries = Object.entries(listeners);
    for (const [type, listener] of entries) document.addEventListener(type, listener, { passive: true });
    return () => {
      for (const [type, listener] of entries) document.removeEventListener(type, listener);
    };
  }, [part]);

  const leave = (hitUuid: string | undefined) => {
    flushSync(on.onClose);
    const place = before.current;
    if (!isElsewhere.current) {
      if (hasWalked.current) {
        if (place) thread()?.toPlace(place);
        else thread()?.toEnd();
      }
      if (focused instanceof HTMLElement && focused.isConnected) focused.focus({ preventScroll: true });
    }
    if (document.activeElement !== document.body) return;
    // Where the focus was is gone, or was in the search.
    focusThread(thread(), isElsewhere.current ? hitUuid : keyOf(focused));
    if (document.activeElement === document.body) on.onFocusLost();
  };
  return {
    leave,
    /** Another hit is shown. */
    walk: (hit: { uuid: string; createdAt: string }, found: () => DOMRect | undefined) => {
      hasWalked.current = true;
      thread()?.toPlace({ kind: 'hit', uuid: hit.uuid, time: hit.createdAt, found });
    },
  };
}

const keyOf = (element: Element | null | undefined) => element?.closest<HTMLElement>('[data-key]')?.dataset.key;

/** A message is focused once it is drawn. */
function focusThread(thread: ThreadHandle | null, key: string | undefined): void {
  thread?.scroller?.focus({ preventScroll: true });
  if (key !== undefined) thread?.focusMessage(key);
}

/** The topmost message in view; `null` at the end of the thread. */
function placeIn(thread: ThreadHandle | null): Before {
  if (!thread?.scroller || thread.isAtEnd()) return null;
  const { scroller, rows } = thread;
  const { top } = scroller.getBoundingClientRect();
  for (const element of scroller.querySelectorAll<HTMLElement>('[data-view-key]')) {
    const place = element.getBoundingClientRect();
    const row = rows.find(({ key }) => key === element.dataset.viewKey);
    if (place.bottom > top && row && isMessageRow(row)) {
      return { kind: 'kept', uuid: row.key, time: timeOf(row), top: place.top - top };
    }
  }
  return null;
}

function timeOf(row: MessageRow): string {
  const message = row.kind === 'deleted' ? row.items.at(-1) : row.message;
  return message?.createdAt ?? new Date(row.time).toISOString();
}
