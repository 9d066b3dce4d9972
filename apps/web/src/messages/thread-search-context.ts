import { createContext } from 'react';
import type { ThreadRow } from './thread-rows.ts';
import type { Place } from './use-thread-window.ts';

/** How the search moves an open thread. */
export interface ThreadHandle {
  scroller: HTMLElement | null;
  rows: readonly ThreadRow[];
  isAtEnd: () => boolean;
  toPlace: (place: Place & { time: string }) => void;
  toEnd: () => void;
  focusMessage: (key: string) => void;
}

export type ThreadSearchLink = ReturnType<typeof createThreadSearchLink>;

/** Connects a thread with the search above it. */
export function createThreadSearchLink() {
  let thread: ThreadHandle | null = null;
  let close: (() => void) | null = null;
  return {
    /** `null` while no message is shown. */
    thread: () => thread,
    setThread(handle: ThreadHandle | null): void {
      thread = handle;
    },
    /** Closes the search; `null` while it is closed. The Escape key does that before it leads to the newest message. */
    close: () => close,
    setClose(leave: (() => void) | null): void {
      close = leave;
    },
  };
}

export const ThreadSearchContext = createContext<ThreadSearchLink>(createThreadSearchLink());
