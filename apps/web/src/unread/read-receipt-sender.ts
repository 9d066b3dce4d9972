import { compareTimes } from '../cache/pages.ts';
import { backoff } from '../time/backoff.ts';
import { isPassing, retryAfterMs } from '../trpc/api-error.ts';

/** The shortest time between two receipts of a group, in milliseconds. */
const EVERY_MS = 1_000;
/** The delay of a receipt that makes nothing read, since the newest message is one's own, in milliseconds. */
const LAZY_MS = 5_000;

export interface ReadReceiptDeps {
  /** Sends a receipt; rejects if the server does not accept it. */
  markRead: (messageGroupUuid: string, createdAt: string) => Promise<unknown>;
  /** Calls back after that many milliseconds; returns what cancels it. */
  schedule: (callback: () => void, delay: number) => () => void;
  now: () => number;
}

/** Sends read receipts: the first of a group at once, later ones at most once a second. */
export interface ReadReceiptSender {
  /** Reports that a group was seen up to a message. `isLazy`: nothing in it was unread. */
  see: (messageGroupUuid: string, createdAt: string, isLazy: boolean) => void;
  /** Sends what is waiting now: the person leaves the group, or the page is hidden. */
  flush: () => void;
  stop: () => void;
}

export function createReadReceiptSender(deps: ReadReceiptDeps): ReadReceiptSender {
  const groups = new Map<string, GroupReceipts>();
  return {
    see(group, createdAt, isLazy) {
      const receipts = groups.get(group) ?? new GroupReceipts(group, deps);
      groups.set(group, receipts);
      receipts.see(createdAt, isLazy);
    },
    flush() {
      for (const receipts of groups.values()) receipts.flush();
    },
    stop() {
      for (const receipts of groups.values()) receipts.stop();
      groups.clear();
    },
  };
}

class GroupReceipts {
  readonly #group: string;
  readonly #deps: ReadReceiptDeps;
  /** The newest message seen, the newest that was tried, and the newest that needs no further attempt. */
  #seen = '';
  #tried = '';
  #done = '';
  #triedAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #attemptsUnderWay = 0;
  #nextAt = Number.POSITIVE_INFINITY;
  #cancel = () => {};
  #isStopped = false;

  constructor(group: string, deps: ReadReceiptDeps) {
    this.#group = group;
    this.#deps = deps;
  }

  see(createdAt: string, isLazy: boolean): void {
    if (!isAfter(createdAt, this.#seen)) return;
    this.#seen = createdAt;
    // After a failure, the backoff goes on whatever is seen meanwhile.
    if (this.#failures === 0) this.#plan(isLazy ? LAZY_MS : this.#untilNext());
  }

  flush(): void {
    // At once, even in parallel with an earlier attempt: a page that goes away runs no timers and sees no answers. The
    // order of arrival does not matter, since a marker never moves backwards.
    const isUnderWay = this.#attemptsUnderWay > 0 && this.#tried === this.#seen;
    if (this.#done !== this.#seen && !isUnderWay) void this.#send();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #untilNext(): number {
    return Math.max(0, this.#triedAt + EVERY_MS - this.#deps.now());
  }

  #plan(delay: number): void {
    const at = this.#deps.now() + delay;
    if (this.#attemptsUnderWay > 0 || at >= this.#nextAt) return;
    this.#cancel();
    this.#nextAt = at;
    this.#cancel = this.#deps.schedule(() => void this.#send(), delay);
  }

  async #send(): Promise<void> {
    this.#cancel();
    const createdAt = this.#seen;
    this.#tried = createdAt;
    this.#triedAt = this.#deps.now();
    this.#nextAt = Number.POSITIVE_INFINITY;
    this.#attemptsUnderWay++;
    const retryDelay = await this.#attempt(createdAt);
    this.#attemptsUnderWay--;
    if (!this.#isStopped && this.#done !== this.#seen) this.#plan(Math.max(retryDelay, this.#untilNext()));
  }

  /** @returns how long to wait before the next attempt, in milliseconds */
  async #attempt(createdAt: string): Promise<number> {
    const error: unknown = await this.#deps.markRead(this.#group, createdAt).then(
      () => undefined,
      (reason) => reason,
    );
    if (!isAfter(createdAt, this.#done)) return 0;
    if (error !== undefined && isPassing(error))
      return backoff(++this.#failures, { retryAfterMs: retryAfterMs(error) });
    // If the group is gone or the session over, there is nothing to retry.
    this.#done = createdAt;
    if (error === undefined) this.#failures = 0;
    return 0;
  }
}

const isAfter = (time: string, other: string) => other === '' || compareTimes(time, other) > 0;
