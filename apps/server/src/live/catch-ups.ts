import type { Micros, MissedMessages } from '@cruddur/ddb';
import pLimit from 'p-limit';

/** Reads of the table for streams that run at the same time on this instance: after a gap, every stream wants one. */
const PARALLEL = 16;
/** Shortest time between two catch-ups of one person, in milliseconds. */
const INTERVAL_MS = 1000;

/** A catch-up that has not begun yet. */
interface Waiting {
  after: Micros;
  found: Promise<MissedMessages>;
}

interface Person {
  waiting: Waiting | undefined;
  /** Resolves when the next catch-up may begin. */
  free: Promise<void>;
}

export type CatchUps = ReturnType<typeof createCatchUps>;

/** Bounds how the streams of this instance read the table. */
export function createCatchUps({ parallel = PARALLEL, intervalMs = INTERVAL_MS } = {}) {
  const limit = pLimit(parallel);
  const people = new Map<string, Person>();

  /** Begins one more catch-up of a person, after the last one. */
  function begin(
    userUuid: string,
    from: { after: Micros; isResumed: boolean },
    read: (after: Micros) => Promise<MissedMessages>,
  ): Promise<MissedMessages> {
    const person = people.get(userUuid) ?? { waiting: undefined, free: Promise.resolve() };
    people.set(userUuid, person);
    const start = () =>
      limit(() => {
        person.waiting = undefined;
        return read(waiting.after);
      });
    const waiting: Waiting = { after: from.after, found: person.free.then(start) };
    person.waiting = waiting;
    const free = waiting.found
      // Those who wait for it receive the error.
      .catch(() => undefined)
      .then(() => (from.isResumed ? pause(intervalMs) : undefined))
      .then(() => {
        if (person.free === free && !person.waiting) people.delete(userUuid);
      });
    person.free = free;
    return waiting.found;
  }

  return {
    /**
     * Reads what a person missed: one catch-up at a time, and one a second after such as resume from a position. Streams
     * that ask before it begins share it, from the earliest of their times. It misses nothing of theirs, since they are
     * open already.
     */
    catchUp(
      userUuid: string,
      from: { after: Micros; isResumed: boolean },
      read: (after: Micros) => Promise<MissedMessages>,
    ): Promise<MissedMessages> {
      const waiting = people.get(userUuid)?.waiting;
      if (!waiting) return begin(userUuid, from, read);
      waiting.after = Math.min(waiting.after, from.after);
      return waiting.found;
    },

    /** Runs a smaller read within the same limit. */
    limit,
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
