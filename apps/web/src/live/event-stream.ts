import { errorReason, isPassing, isSessionOver, retryAfterMs } from '../trpc/api-error.ts';
import type { LiveEvent } from '../trpc/types.ts';

/** What a subscription tells. */
export interface Subscriber {
  onEvent: (id: string, event: LiveEvent) => void;
  /** It is over, or its connection is lost; without an error where the server has ended it. Called once at most. */
  onLost: (error?: unknown) => void;
}

export interface EventStreamDeps {
  /** Opens a subscription after the last event that came; returns what ends it. */
  subscribe(lastEventId: string | undefined, subscriber: Subscriber): () => void;
  onEvent(event: LiveEvent): void;
  /** Whether events come: what was missed has been given, and the connection stands. */
  onOpenChange(isOpen: boolean): void;
  /** Makes the next subscription use a fresh token. */
  expireToken(): void;
  onSessionOver(): void;
  /** Calls back after that many milliseconds; returns what cancels it. */
  schedule(callback: () => void, delay: number): () => void;
  /** A number from 0 to 1, which keeps a thousand pages from coming back in the same instant. */
  random(): number;
}

/** A person's events in one tab, for as long as it is started: lost, it is opened again by itself. */
export interface EventStream {
  start: () => void;
  /** Opens at once a stream that waits to be opened again: the page is looked at. */
  wake: () => void;
  /** Opens anew even a stream that seems open: the network has changed, and its connection may be dead. */
  reopen: () => void;
  stop: () => void;
}

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 15_000;
/** Longest that an opening may take. After that the server's own pings tell whether it lives. */
const OPENING_MS = 20_000;

/** How long to wait before the next opening, in milliseconds: 0.5 s, doubled each time, at most 15 s, less up to half. */
export function reopenDelay(failures: number, retryAfter: number, random: number): number {
  const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
  return Math.max(retryAfter * (1 + random / 2), delay * (1 - random / 2));
}

/**
 * Reconnecting is decided here and not in links: neither tRPC's `retryLink` nor an EventSource knows how long the server
 * asked to wait, begins counting anew once events have come, or opens again what the server has ended.
 */
export function createEventStream(deps: EventStreamDeps): EventStream {
  let lastEventId: string | undefined;
  let failures = 0;
  let hasExpired = false;
  let isOpen = false;
  let isStarted = false;
  let end = () => {};
  let cancelTimer = () => {};
  let isWaiting = false;

  const close = () => {
    cancelTimer();
    isWaiting = false;
    end();
    end = () => {};
    if (isOpen) deps.onOpenChange(false);
    isOpen = false;
  };
  const wait = (delay: number) => {
    isWaiting = true;
    cancelTimer = deps.schedule(open, delay);
  };

  function open(): void {
    isWaiting = false;
    let isOver = false;
    const onLost = (error?: unknown) => {
      if (isOver) return;
      close();
      recover(error);
    };
    cancelTimer = deps.schedule(() => onLost(), OPENING_MS);
    const unsubscribe = deps.subscribe(lastEventId, {
      onEvent(id, event) {
        if (!isOver) take(id, event);
      },
      onLost,
    });
    end = () => {
      isOver = true;
      unsubscribe();
    };
  }

  function take(id: string, event: LiveEvent): void {
    lastEventId = id;
    failures = 0;
    hasExpired = false;
    if (event.type === 'caught_up' && !isOpen) {
      cancelTimer();
      isOpen = true;
      deps.onOpenChange(true);
    }
    deps.onEvent(event);
  }

  function recover(error: unknown): void {
    if (error !== undefined && errorReason(error) === 'token_expired' && !hasExpired) {
      hasExpired = true;
      deps.expireToken();
      wait(0);
    } else if (error !== undefined && isSessionOver(error)) {
      deps.onSessionOver();
    } else if (error === undefined || isPassing(error) || lastEventId !== undefined) {
      // Refused for good, it may be the position that the server does not take: it is left out once.
      if (error !== undefined && !isPassing(error)) lastEventId = undefined;
      wait(reopenDelay(failures++, retryAfterMs(error), deps.random()));
    }
  }

  return {
    start() {
      isStarted = true;
      open();
    },
    wake() {
      if (!isWaiting) return;
      cancelTimer();
      open();
    },
    reopen() {
      if (!isStarted) return;
      close();
      failures = 0;
      open();
    },
    stop() {
      isStarted = false;
      close();
    },
  };
}
