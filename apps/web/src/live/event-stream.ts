import { backoff } from '../time/backoff.ts';
import { errorReason, isPassing, isSessionOver, retryAfterMs } from '../trpc/api-error.ts';
import type { LiveEvent } from '../trpc/types.ts';

/** Receives what a subscription brings. */
export interface Subscriber {
  onEvent: (id: string, event: LiveEvent) => void;
  /** The subscription has ended or its connection is lost. Without an error, the server ended it. Called at most once. */
  onLost: (error?: unknown) => void;
}

export interface EventStreamDeps {
  /** Opens a subscription after the last event that came; returns what ends it. */
  subscribe(lastEventId: string | undefined, subscriber: Subscriber): () => void;
  onEvent(event: LiveEvent): void;
  /** The stream is open once it has brought everything that was missed. */
  onOpenChange(isOpen: boolean): void;
  /** Makes the next subscription use a fresh token. */
  expireToken(): void;
  onSessionOver(): void;
  /** Calls back after that many milliseconds; returns what cancels it. */
  schedule(callback: () => void, delay: number): () => void;
}

/** A person's events in one tab. While it is started, a lost stream is opened again automatically. */
export interface EventStream {
  start: () => void;
  /** Ends a back-off, since the page is visible again, but not a wait that the server asked for. */
  wake: () => void;
  /** The same for a stream that seems open: the network has changed, and its connection may be dead. */
  reopen: () => void;
  stop: () => void;
}

const BACKOFF = { firstMs: 500, maxMs: 15_000 };
/** Longest that an opening may take, in milliseconds. After that, the server's pings show whether the stream is alive. */
const OPENING_MS = 20_000;

/**
 * Reconnects here and not in links: neither tRPC's `retryLink` nor an EventSource waits as long as the server asked, resets
 * its back-off after events, or reopens a stream that the server ended.
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
  /** The server asked for the wait: nothing ends it early. */
  let isWaitFixed = false;

  const close = () => {
    cancelTimer();
    isWaiting = false;
    isWaitFixed = false;
    end();
    end = () => {};
    if (isOpen) deps.onOpenChange(false);
    isOpen = false;
  };
  const wait = (delay: number, retryAfter = 0) => {
    isWaiting = true;
    isWaitFixed = retryAfter > 0;
    cancelTimer = deps.schedule(open, delay);
  };

  function open(): void {
    isWaiting = false;
    isWaitFixed = false;
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
      // The server may refuse the position: the next attempt leaves it out.
      if (error !== undefined && !isPassing(error)) lastEventId = undefined;
      const retryAfter = retryAfterMs(error);
      wait(backoff(++failures, { ...BACKOFF, retryAfterMs: retryAfter }), retryAfter);
    }
  }

  return {
    start() {
      isStarted = true;
      open();
    },
    wake() {
      if (!isWaiting || isWaitFixed) return;
      cancelTimer();
      open();
    },
    reopen() {
      if (!isStarted || isWaitFixed) return;
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
