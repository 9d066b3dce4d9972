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
 * @param focused - what had the focus before
 * @param onClose - removes the search
 */
export function useWayBack(part: RefObject<HTMLElement | null>, focused: Element | null, onClose: () => void) {
  const { thread } = useContext(ThreadSearchContext);
  const before = useRef<Before | undefined>(undefined);
  const hasWalked = useRef(false);
  const isElsewhere = useRef(false);

  useLayoutEffect(() => {
    if (before.current === undefined) before.current = placeIn(thread());
  }, [thread]);

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
    flushSync(onClose);
    const place = before.current;
    if (isElsewhere.current) {
      if (document.activeElement === document.body && hitUuid !== undefined) thread()?.focusMessage(hitUuid);
      return;
    }
    if (hasWalked.current) {
      if (place) thread()?.toPlace(place);
      else thread()?.toEnd();
    }
    giveFocus(focused, thread());
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

function giveFocus(focused: Element | null, thread: ThreadHandle | null): void {
  if (focused instanceof HTMLElement && focused.isConnected) {
    focused.focus({ preventScroll: true });
    return;
  }
  // Another part of the thread was shown since.
  thread?.scroller?.focus({ preventScroll: true });
  const key = focused?.closest<HTMLElement>('[data-key]')?.dataset.key;
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
