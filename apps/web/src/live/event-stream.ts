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
  onOpenChange: (isOpen: boolean) => void;
  /** Makes the next subscription use a fresh token. */
  expireToken: () => void;
  onSessionOver: () => void;
  /** Calls back after that many milliseconds; returns what cancels it. */
  schedule: (callback: () => void, delay: number) => () => void;
}

const BACKOFF = { firstMs: 500, maxMs: 15_000 };
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
  /** What the stream waits for before it opens. */
  #wait: 'nothing' | 'backoff' | 'retry_after' = 'nothing';
  /** Ends the subscription or the wait. */
  #end = () => {};

  constructor(deps: EventStreamDeps) {
    this.#deps = deps;
  }

  /** Everything that was missed has been delivered. */
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

  /** The same for a stream that seems open: the network has changed, so its connection may be dead. */
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
    this.#end = connect(this.#deps, this.#lastEventId, {
      onEvent: (id, event) => this.#receive(id, event),
      onLost: (error) => this.#recover(error),
    });
  }

  #close(): void {
    this.#end();
    this.#wait = 'nothing';
    if (this.#isOpen) this.#deps.onOpenChange(false);
    this.#isOpen = false;
  }

  #receive(id: string, event: LiveEvent): void {
    this.#lastEventId = id;
    this.#failures = 0;
    this.#hasExpired = false;
    if (event.type === 'caught_up' && !this.#isOpen) {
      this.#isOpen = true;
      this.#deps.onOpenChange(true);
    }
    this.#deps.onEvent(event);
  }

  #recover(error: unknown): void {
    this.#close();
    const hasPosition = this.#lastEventId !== undefined;
    const recovery = chooseRecovery(error, { hasExpired: this.#hasExpired, hasPosition });
    if (recovery === 'sign_out') this.#deps.onSessionOver();
    else if (recovery === 'refresh_token') {
      this.#hasExpired = true;
      this.#deps.expireToken();
      this.#openAfter(0, 'backoff');
    } else if (recovery !== 'give_up') {
      if (recovery === 'forget_position') this.#lastEventId = undefined;
      const retryAfter = retryAfterMs(error);
      const delay = backoff(++this.#failures, { ...BACKOFF, retryAfterMs: retryAfter });
      this.#openAfter(delay, retryAfter > 0 ? 'retry_after' : 'backoff');
    }
  }

  #openAfter(delay: number, wait: 'backoff' | 'retry_after'): void {
    this.#wait = wait;
    this.#end = this.#deps.schedule(() => this.#open(), delay);
  }
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
