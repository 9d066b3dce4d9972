import type { Micros, MissedMessages } from '@cruddur/ddb';
import { Refusal } from '../errors.ts';
import { type BusEvent, recipientsOf } from './bus-event.ts';
import type { EventBus } from './event-bus.ts';
import { createEventQueue, type EventQueue } from './event-queue.ts';

/** The connection that a stream is written to. */
export interface StreamConnection {
  /** Ends it at once, whatever is unsent. */
  drop: () => void;
  /** What was written has not left: the other side does not read, or is gone. */
  isStalled: () => boolean;
  /** Ends it once the answer is complete: it will not be used again. */
  endAfterAnswer: () => void;
}

/** What a read of the table found that a stream may have missed. */
export interface MissedItem {
  type: 'missed';
  after: Micros;
  found: MissedMessages;
  /** Set if this is a catch-up: the position that it began from, and when; else it is a later look. */
  catchUp?: { from: Micros | undefined; at: Micros };
}

/** What a stream's reader finds in its queue. `gap`: something may have been lost up to now. */
export type StreamItem = BusEvent | { type: 'gap' } | MissedItem;

/** An open stream of a person. */
export interface EventStream {
  queue: EventQueue<StreamItem>;
  close: () => void;
}

export interface StreamLimits {
  /** Open streams of one person on this instance. */
  ofPerson: number;
  /** Open streams on this instance. */
  inAll: number;
}

/** Seconds after which a person whose streams are too many may try again. */
const TRY_AGAIN = 30;
/** Most events that wait for one stream: a reader further behind is dropped, and catches up from the table. */
const QUEUE_CAPACITY = 1000;
const SWEEP_MS = 15_000;

interface OpenStream {
  queue: EventQueue<StreamItem>;
  connection: StreamConnection | undefined;
  wasStalled: boolean;
  isDropped: boolean;
}

export type Streams = ReturnType<typeof createStreams>;

/**
 * Keeps the open streams of this instance, and hands each event to those of its recipients. A stream whose reader is
 * slow or dead is dropped, never waited for. Idle streams cost nothing but memory.
 *
 * @param onDrop - told why a stream was dropped
 */
export function createStreams(bus: EventBus, limits: StreamLimits, onDrop: (reason: 'full' | 'stalled') => void) {
  const byPerson = new Map<string, Set<OpenStream>>();
  let count = 0;
  let isClosed = false;

  const drop = (stream: OpenStream, reason: 'full' | 'stalled') => {
    if (stream.isDropped) return;
    stream.isDropped = true;
    onDrop(reason);
    stream.queue.fail(new Refusal('store_unavailable'));
    stream.connection?.drop();
  };
  const push = (stream: OpenStream, item: StreamItem) => {
    if (!stream.queue.push(item)) drop(stream, 'full');
  };
  const all = () => [...byPerson.values()].flatMap((streams) => [...streams]);

  const unsubscribe = bus.subscribe({
    onEvent(event) {
      for (const uuid of new Set(recipientsOf(event))) {
        for (const stream of byPerson.get(uuid) ?? []) push(stream, event);
      }
    },
    onGap() {
      for (const stream of all()) push(stream, { type: 'gap' });
    },
    hasStreams: (userUuid) => byPerson.has(userUuid),
  });

  const sweep = setInterval(() => {
    for (const stream of all()) {
      const isStalled = stream.connection?.isStalled() ?? false;
      if (isStalled && stream.wasStalled) drop(stream, 'stalled');
      stream.wasStalled = isStalled;
    }
  }, SWEEP_MS);
  sweep.unref();

  return {
    /**
     * Opens a stream of a person's events, from this moment on.
     *
     * @throws {Refusal} `rate_limited` where the person, or this instance, has too many; `store_unavailable` at the end
     */
    open(userUuid: string, connection?: StreamConnection): EventStream {
      if (isClosed) throw new Refusal('store_unavailable');
      const own = byPerson.get(userUuid) ?? new Set();
      if (own.size >= limits.ofPerson || count >= limits.inAll) {
        throw new Refusal('rate_limited', { retryAfter: TRY_AGAIN });
      }
      const stream: OpenStream = {
        queue: createEventQueue(QUEUE_CAPACITY),
        connection,
        wasStalled: false,
        isDropped: false,
      };
      byPerson.set(userUuid, own.add(stream));
      count++;
      return {
        queue: stream.queue,
        close() {
          if (!own.delete(stream)) return;
          stream.queue.end();
          count--;
          if (own.size === 0) byPerson.delete(userUuid);
        },
      };
    },

    /** How many are open. */
    count: () => count,

    /** Ends all streams: their clients open new ones, at another instance. */
    close() {
      isClosed = true;
      clearInterval(sweep);
      unsubscribe();
      for (const { queue, connection } of all()) {
        connection?.endAfterAnswer();
        queue.fail(new Refusal('store_unavailable'));
      }
    },
  };
}
