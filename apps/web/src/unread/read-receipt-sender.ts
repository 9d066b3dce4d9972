import { compareTimes } from '../cache/pages.ts';
import { backoff } from '../time/backoff.ts';
import { isPassing, retryAfterMs } from '../trpc/api-error.ts';
import { schedule } from '../ui/timers.ts';

/** The shortest time between two receipts of a group, in milliseconds. */
const EVERY_MS = 1_000;
/** The delay of a receipt for which nothing was unread, such as for the person's own message, in milliseconds. */
const LAZY_MS = 5_000;

export type ReadReceiptSender = ReturnType<typeof createReadReceiptSender>;

/**
 * Sends read receipts: the first of a group at once, later ones at most once a second.
 *
 * @param markRead - sends a receipt; rejects if the server does not accept it
 */
export function createReadReceiptSender(markRead: (messageGroupUuid: string, createdAt: string) => Promise<unknown>) {
  const groups = new Map<string, GroupReceipts>();
  return {
    /** Reports that a group was seen up to a message. `isLazy`: nothing in it was unread. */
    see(group: string, createdAt: string, isLazy: boolean) {
      const receipts = groups.get(group) ?? new GroupReceipts((createdAt) => markRead(group, createdAt));
      groups.set(group, receipts);
      receipts.see(createdAt, isLazy);
    },
    /** Sends what is waiting now: the person leaves the group, or the page is hidden. */
    flush: () => {
      for (const receipts of groups.values()) void receipts.flush();
    },
    /** Sends what is waiting for a group. Resolves when the server has answered, or could not. */
    flushGroup: async (group: string) => groups.get(group)?.flush(),
    stop() {
      for (const receipts of groups.values()) receipts.stop();
      groups.clear();
    },
  };
}

class GroupReceipts {
  readonly #markRead: (createdAt: string) => Promise<unknown>;
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
  /** The last attempt. */
  #sending = Promise.resolve();

  constructor(markRead: (createdAt: string) => Promise<unknown>) {
    this.#markRead = markRead;
  }

  see(createdAt: string, isLazy: boolean): void {
    if (!isAfter(createdAt, this.#seen)) return;
    this.#seen = createdAt;
    // After a failure, the backoff goes on whatever is seen meanwhile.
    if (this.#failures === 0) this.#plan(isLazy ? LAZY_MS : this.#untilNext());
  }

  flush(): Promise<void> {
    // At once, even in parallel with an earlier attempt: a page that goes away runs no timers and sees no answers. The
    // order of arrival does not matter, since a marker never moves backwards.
    const isUnderWay = this.#attemptsUnderWay > 0 && this.#tried === this.#seen;
    if (this.#done !== this.#seen && !isUnderWay) this.#send();
    return this.#sending;
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #untilNext(): number {
    return Math.max(0, this.#triedAt + EVERY_MS - Date.now());
  }

  #plan(delay: number): void {
    const at = Date.now() + delay;
    if (this.#attemptsUnderWay > 0 || at >= this.#nextAt) return;
    this.#cancel();
    this.#nextAt = at;
    this.#cancel = schedule(() => this.#send(), delay);
  }

  #send(): void {
    this.#sending = this.#sendNow();
  }

  async #sendNow(): Promise<void> {
    this.#cancel();
    const createdAt = this.#seen;
    this.#tried = createdAt;
    this.#triedAt = Date.now();
    this.#nextAt = Number.POSITIVE_INFINITY;
    this.#attemptsUnderWay++;
    const retryDelay = await this.#attempt(createdAt);
    this.#attemptsUnderWay--;
    if (!this.#isStopped && this.#done !== this.#seen) this.#plan(Math.max(retryDelay, this.#untilNext()));
  }

  /** @returns how long to wait before the next attempt, in milliseconds */
  async #attempt(createdAt: string): Promise<number> {
    try {
      await this.#markRead(createdAt);
      if (isAfter(createdAt, this.#done)) this.#failures = 0;
    } catch (error) {
      // For other errors there is nothing to retry: the group is gone or the session over.
      const mayRetry = isPassing(error) && isAfter(createdAt, this.#done);
      if (mayRetry) return backoff(++this.#failures, { retryAfterMs: retryAfterMs(error) });
    }
    if (isAfter(createdAt, this.#done)) this.#done = createdAt;
    return 0;
  }
}

const isAfter = (time: string, other: string) => other === '' || compareTimes(time, other) > 0;
