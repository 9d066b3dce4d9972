import { backoff } from '../time/backoff.ts';
import { errorReason, isPassing, isSessionOver, retryAfterMs } from '../trpc/api-error.ts';
import type { LiveEvent } from '../trpc/types.ts';
import { schedule } from '../ui/timers.ts';

export interface Subscriber {
  onEvent: (id: string, event: LiveEvent) => void;
  /** Without an error, the server ended the subscription. */
  onLost: (error?: unknown) => void;
}

interface EventStreamDeps {
  /** Subscribes to the events after the last one that was received; returns a function that ends the subscription. */
  subscribe: (lastEventId: string | undefined, subscriber: Subscriber) => () => void;
  /**
   * For `caught_up`, it may return a promise: the page is reading again what the events do not bring, and counts as connected when
   * that is done. The signal aborts if the stream is lost, or another one is due.
   */
  onEvent: (event: LiveEvent, signal: AbortSignal) => Promise<void> | undefined;
  onOpenChange: (isOpen: boolean) => void;
  expireToken: () => void;
  onSessionOver: () => void;
}

const BACKOFF = { firstMs: 500, maxMs: 15_000 };
/**
 * How much longer a page may wait before it reopens a stream that the server ended: a deployment ends those of all pages, and each
 * that opens again reads the table. The server has already spread their ends.
 */
const SPREAD_MS = 3_000;
/** How long an opening may take, in milliseconds. Later, the server's pings show whether the stream is alive. */
const OPENING_MS = 20_000;

/**
 * A person's events in one tab. While it is started, a lost stream is opened again automatically.
 *
 * Reconnects here and not in links: neither tRPC's `retryLink` nor an EventSource waits as long as the server asked, resets
 * its backoff after events, or reopens a stream that the server ended.
 */
export class ReconnectingStream {
  readonly #deps: EventStreamDeps;
  #lastEventId: string | undefined;
  #failures = 0;
  #hasExpired = false;
  #isOpen = false;
  #isStarted = false;
  #wait: 'nothing' | 'backoff' | 'retry_after' = 'nothing';
  #end = () => {};
  #catchUp = new AbortController();

  constructor(deps: EventStreamDeps) {
    this.#deps = deps;
  }

  /** Whether the page has everything that it missed. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  start(): void {
    this.#isStarted = true;
    this.#open();
  }

  /** Ends a backoff, since the page is visible again, but not a wait that the server asked for. */
  wake(): void {
    if (this.#wait !== 'backoff') return;
    this.#end();
    this.#open();
  }

  /** Reconnects even a stream that seems open: after a network change, its connection may be dead. */
  reopen(): void {
    if (!this.#isStarted || this.#wait === 'retry_after') return;
    this.#close();
    this.#failures = 0;
    this.#open();
  }

  stop(): void {
    this.#isStarted = false;
    this.#close();
  }

  #open(): void {
    this.#wait = 'nothing';
    this.#end = connect(this.#deps.subscribe, this.#lastEventId, {
      onEvent: (id, event) => this.#receive(id, event),
      onLost: (error) => this.#recover(error),
    });
  }

  #close(): void {
    this.#end();
    this.#catchUp.abort();
    this.#wait = 'nothing';
    this.#setOpen(false);
  }

  #setOpen(isOpen: boolean): void {
    if (isOpen === this.#isOpen) return;
    this.#isOpen = isOpen;
    this.#deps.onOpenChange(isOpen);
  }

  #receive(id: string, event: LiveEvent): void {
    this.#lastEventId = id;
    this.#failures = 0;
    this.#hasExpired = false;
    if (event.type !== 'caught_up') {
      void this.#deps.onEvent(event, this.#catchUp.signal);
      return;
    }
    // After the server's gap it arrives again.
    this.#catchUp.abort();
    this.#catchUp = new AbortController();
    const { signal } = this.#catchUp;
    const reading = this.#deps.onEvent(event, signal);
    if (reading === undefined) {
      this.#setOpen(true);
      return;
    }
    this.#setOpen(false);
    void reading.then(() => signal.aborted || this.#setOpen(true));
  }

  #recover(error: unknown): void {
    this.#close();
    if (errorReason(error) === 'token_expired' && !this.#hasExpired) {
      this.#hasExpired = true;
      this.#deps.expireToken();
      this.#openAfter(0, 'backoff');
      return;
    }
    if (isSessionOver(error)) {
      this.#deps.onSessionOver();
      return;
    }
    if (error !== undefined && !isPassing(error)) {
      if (this.#lastEventId === undefined) return;
      // The server may have refused only the position.
      this.#lastEventId = undefined;
    }
    const retryAfter = retryAfterMs(error);
    const delay = backoff(++this.#failures, { ...BACKOFF, retryAfterMs: retryAfter });
    const spread = wasEndedByServer(error) && this.#failures === 1 ? Math.random() * SPREAD_MS : 0;
    this.#openAfter(delay + spread, retryAfter > 0 ? 'retry_after' : 'backoff');
  }

  #openAfter(delay: number, wait: 'backoff' | 'retry_after'): void {
    this.#wait = wait;
    this.#end = schedule(() => this.#open(), delay);
  }
}

/** As opposed to a connection that was lost, which is opened again sooner. */
function wasEndedByServer(error: unknown): boolean {
  return error === undefined || errorReason(error) === 'store_unavailable';
}

/** Opens one subscription, which counts as lost if it has not caught up in time. Returns a function that ends it. */
function connect(
  subscribe: EventStreamDeps['subscribe'],
  lastEventId: string | undefined,
  { onEvent, onLost }: Subscriber,
): () => void {
  let isOver = false;
  let unsubscribe = () => {};
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
  const cancelTimer = schedule(lose, OPENING_MS);
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
