import type { Micros, MissedMessages } from '@cruddur/ddb';
import pLimit from 'p-limit';

/** Most reads for streams at the same time on this instance. After a gap, every stream needs one. */
const PARALLEL = 16;
/** Shortest time between two catch-ups of one person, in milliseconds. */
const INTERVAL_MS = 1000;

type Read = (after: Micros) => Promise<MissedMessages>;

/** A catch-up that has not begun. */
interface Pending {
  after: Micros;
  found: Promise<MissedMessages>;
}

interface Queue {
  pending: Pending | undefined;
  /** Resolves when the next catch-up may begin. */
  free: Promise<void>;
}

export type CatchUps = ReturnType<typeof createCatchUps>;

/** Limits how the streams of this instance read the table. */
export function createCatchUps({ parallel = PARALLEL, intervalMs = INTERVAL_MS } = {}) {
  const limit = pLimit(parallel);
  const queues = new Map<string, Queue>();

  /** Queues a catch-up after the person's last one. */
  function enqueue(userUuid: string, from: { after: Micros; isResumed: boolean }, read: Read): Promise<MissedMessages> {
    const queue = queues.get(userUuid) ?? { pending: undefined, free: Promise.resolve() };
    queues.set(userUuid, queue);
    const start = () =>
      limit(() => {
        queue.pending = undefined;
        return read(pending.after);
      });
    const pending: Pending = { after: from.after, found: queue.free.then(start) };
    queue.pending = pending;
    const free = pending.found
      // The callers receive the error.
      .catch(() => undefined)
      .then(() => (from.isResumed ? pause(intervalMs) : undefined))
      .then(() => {
        if (queue.free === free && !queue.pending) queues.delete(userUuid);
      });
    queue.free = free;
    return pending.found;
  }

  return {
    /**
     * Reads what a person missed. Their catch-ups run one at a time, at most one a second if they resume from a position.
     * Streams that ask before one begins share it, from the earliest of their times. They are open already, so they miss
     * nothing meanwhile.
     */
    catchUp(userUuid: string, from: { after: Micros; isResumed: boolean }, read: Read): Promise<MissedMessages> {
      const pending = queues.get(userUuid)?.pending;
      if (!pending) return enqueue(userUuid, from, read);
      if (from.after < pending.after) pending.after = from.after;
      return pending.found;
    },

    /** Runs another read within the same limit. */
    limit,
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
