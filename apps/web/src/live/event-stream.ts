import { backoff } from '../time/backoff.ts';
import { errorReason, isPassing, isSessionOver, retryAfterMs } from '../trpc/api-error.ts';
import type { LiveEvent } from '../trpc/types.ts';

export interface Subscriber {
  onEvent: (id: string, event: LiveEvent) => void;
  /** The subscription has ended or its connection is lost. Without an error, the server ended it. Called at most once. */
  onLost: (error?: unknown) => void;
}

export interface EventStreamDeps {
  /** Subscribes to the events after the last one that was received; returns what ends the subscription. */
  subscribe: (lastEventId: string | undefined, subscriber: Subscriber) => () => void;
  onEvent: (event: LiveEvent) => void;
  /** The stream is open once it has delivered what was missed. */
  onOpenChange: (isOpen: boolean) => void;
  /** Makes the next subscription use a fresh token. */
  expireToken: () => void;
  onSessionOver: () => void;
  /** Calls back after that many milliseconds; returns what cancels it. */
  schedule: (callback: () => void, delay: number) => () => void;
}

/** A person's events in one tab. While it is started, a lost stream is opened again automatically. */
export interface EventStream {
  start: () => void;
  /** Ends a backoff, since the page is visible again, but not a wait that the server asked for. */
  wake: () => void;
  /** The same for a stream that seems open: the network has changed, so its connection may be dead. */
  reopen: () => void;
  stop: () => void;
}

const BACKOFF = { firstMs: 500, maxMs: 15_000 };
/** How long an opening may take, in milliseconds. Later, the server's pings show whether the stream is alive. */
const OPENING_MS = 20_000;

/**
 * Reconnects here and not in links: neither tRPC's `retryLink` nor an EventSource waits as long as the server asked, resets
 * its backoff after events, or reopens a stream that the server ended.
 */
export function createEventStream(deps: EventStreamDeps): EventStream {
  let lastEventId: string | undefined;
  let failures = 0;
  let hasExpired = false;
  let isOpen = false;
  let isStarted = false;
  /** What the stream waits for. */
  let wait: 'nothing' | 'backoff' | 'retry_after' = 'nothing';
  /** Ends the subscription or the wait. */
  let end = () => {};

  function open(): void {
    wait = 'nothing';
    end = connect(deps, lastEventId, { onEvent: receive, onLost: recover });
  }

  function close(): void {
    end();
    wait = 'nothing';
    if (isOpen) deps.onOpenChange(false);
    isOpen = false;
  }

  function receive(id: string, event: LiveEvent): void {
    lastEventId = id;
    failures = 0;
    hasExpired = false;
    if (event.type === 'caught_up' && !isOpen) {
      isOpen = true;
      deps.onOpenChange(true);
    }
    deps.onEvent(event);
  }

  function recover(error?: unknown): void {
    close();
    const recovery = chooseRecovery(error, { hasExpired, hasPosition: lastEventId !== undefined });
    if (recovery === 'sign_out') deps.onSessionOver();
    else if (recovery === 'refresh_token') {
      hasExpired = true;
      deps.expireToken();
      openAfter(0);
    } else if (recovery !== 'give_up') {
      if (recovery === 'forget_position') lastEventId = undefined;
      const retryAfter = retryAfterMs(error);
      openAfter(backoff(++failures, { ...BACKOFF, retryAfterMs: retryAfter }), retryAfter > 0);
    }
  }

  function openAfter(delay: number, isAsked = false): void {
    wait = isAsked ? 'retry_after' : 'backoff';
    end = deps.schedule(open, delay);
  }

  return {
    start() {
      isStarted = true;
      open();
    },
    wake() {
      if (wait !== 'backoff') return;
      end();
      open();
    },
    reopen() {
      if (!isStarted || wait === 'retry_after') return;
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

/** Opens one subscription, which is lost if it has not caught up in time. Returns what ends it. */
function connect(
  { subscribe, schedule }: EventStreamDeps,
  lastEventId: string | undefined,
  { onEvent, onLost }: Subscriber,
): () => void {
  let isOver = false;
  let unsubscribe = () => {};
  const cancelTimer = schedule(() => lose(), OPENING_MS);
  const end = () => {
    if (isOver) return;
    isOver = true;
    cancelTimer();
    unsubscribe();
  };
  const lose = (error?: unknown) => {
    if (isOver) return;
    end();
    onLost(error);
  };
  unsubscribe = subscribe(lastEventId, {
    onEvent(id, event) {
      if (isOver) return;
      if (event.type === 'caught_up') cancelTimer();
      onEvent(id, event);
    },
    onLost: lose,
  });
  return end;
}

type Recovery = 'refresh_token' | 'sign_out' | 'retry' | 'forget_position' | 'give_up';

/** What follows the loss of a subscription. Without an error, the server ended it. */
function chooseRecovery(error: unknown, stream: { hasExpired: boolean; hasPosition: boolean }): Recovery {
  if (error === undefined) return 'retry';
  if (errorReason(error) === 'token_expired' && !stream.hasExpired) return 'refresh_token';
  if (isSessionOver(error)) return 'sign_out';
  if (isPassing(error)) return 'retry';
  // The server may have refused the position.
  return stream.hasPosition ? 'forget_position' : 'give_up';
}
