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
      const receipts = groups.get(group) ?? createGroupReceipts(group, deps);
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

interface GroupReceipts {
  see: (createdAt: string, isLazy: boolean) => void;
  flush: () => void;
  stop: () => void;
}

function createGroupReceipts(group: string, { markRead, schedule, now }: ReadReceiptDeps): GroupReceipts {
  /** The newest message seen, and the newest ones that an attempt was made with and that needs no further attempt. */
  let seen = '';
  let tried = '';
  let done = '';
  let triedAt = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let attemptsUnderWay = 0;
  let nextAt = Number.POSITIVE_INFINITY;
  let cancel = () => {};
  let isStopped = false;

  const plan = (delay: number) => {
    if (attemptsUnderWay > 0 || now() + delay >= nextAt) return;
    cancel();
    nextAt = now() + delay;
    cancel = schedule(() => void send(), delay);
  };
  const untilNext = () => Math.max(0, triedAt + EVERY_MS - now());

  async function send(): Promise<void> {
    cancel();
    const createdAt = seen;
    [tried, triedAt, nextAt] = [createdAt, now(), Number.POSITIVE_INFINITY];
    attemptsUnderWay++;
    let retryDelay = 0;
    try {
      await markRead(group, createdAt);
      if (isAfter(createdAt, done)) [done, failures] = [createdAt, 0];
    } catch (error) {
      // If the group is gone or the session over, there is nothing to retry.
      if (isAfter(createdAt, done)) {
        if (isPassing(error)) retryDelay = backoff(++failures, { retryAfterMs: retryAfterMs(error) });
        else done = createdAt;
      }
    }
    attemptsUnderWay--;
    if (!isStopped && done !== seen) plan(Math.max(retryDelay, untilNext()));
  }

  return {
    see(createdAt, isLazy) {
      if (!isAfter(createdAt, seen)) return;
      seen = createdAt;
      // After a failure, the backoff goes on whatever is seen meanwhile.
      if (failures === 0) plan(isLazy ? LAZY_MS : untilNext());
    },
    flush() {
      // At once, even in parallel with an earlier attempt: a page that goes away runs no timers and sees no answers. The
      // order of arrival does not matter, since a marker never moves backwards.
      if (done !== seen && !(attemptsUnderWay > 0 && tried === seen)) void send();
    },
    stop() {
      isStopped = true;
      cancel();
    },
  };
}

const isAfter = (time: string, other: string) => other === '' || compareTimes(time, other) > 0;
