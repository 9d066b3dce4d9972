import type { BusEvent } from '@cruddur/bus';
import { type Micros, type MissedMessages, micros } from '@cruddur/ddb';
import { Refusal } from '../errors.ts';
import type { EventBus } from './event-bus.ts';
import { createEventQueue, type EventQueue } from './event-queue.ts';

/** The connection that a stream is written to. */
export interface StreamConnection {
  /** Closes it at once, with what is unsent. */
  drop: () => void;
  /** Whether written bytes are still in this process: the client reads slowly, or is gone. */
  isStalled: () => boolean;
  /** Closes it when the answer is complete. */
  endAfterAnswer: () => void;
  /** Calls the listener when the connection is closed, at once if it already is. */
  onClose: (listener: () => void) => void;
}

/** What a read of the table found that a stream may have missed. */
export interface MissedItem {
  type: 'missed';
  after: Micros;
  found: MissedMessages;
  /** For a catch-up: the position that it continues from, and when. Undefined for a later recheck. */
  catchUp?: { from: Micros | undefined; at: Micros };
}

/** Events may have been lost since a time, or a moment ago. */
export interface GapItem {
  type: 'gap';
  since?: Micros | undefined;
}

/** An item of a stream's queue. */
export type StreamItem = BusEvent | GapItem | MissedItem;

/** An open stream of a person. */
export interface EventStream {
  queue: EventQueue<StreamItem>;
  /** Resolves when events arrive: what a catch-up reads from then on is complete. Never rejects. */
  ready: Promise<void>;
  /** Whether events of other instances arrive now. If not, a gap follows. */
  isHeard: () => boolean;
  close: () => void;
}

/** Most open streams on this instance. */
export interface StreamLimits {
  ofPerson: number;
  inAll: number;
}

type DropReason = 'full' | 'stalled';

const RETRY_AFTER_S = 30;
/** Most items in a stream's queue. A reader further behind is dropped, and catches up from the table. */
const QUEUE_CAPACITY = 1000;
const SWEEP_MS = 15_000;
/**
 * At shutdown, some streams end at each tick: 200 a second, and more if that takes too long. A deployment replaces all instances at
 * once, and each stream that opens again reads the table.
 */
const CLOSING = { tickMs: 50, perTick: 10, maxMs: 15_000 };

export type Streams = ReturnType<typeof createStreams>;

/**
 * Keeps the open streams of this instance and passes each event to those of its recipients. A stream whose client is slow
 * or gone is dropped.
 */
export function createStreams(bus: EventBus, limits: StreamLimits, onDrop: (reason: DropReason) => void) {
  const registry = createRegistry();
  let closing: Promise<void> | undefined;

  const unsubscribe = bus.subscribe({
    onEvent(event, recipients) {
      for (const uuid of new Set(recipients)) {
        for (const stream of registry.of(uuid)) stream.push(event);
      }
    },
    onGap(isAffected, ms) {
      const since = ms === undefined ? undefined : micros(ms * 1000);
      for (const [userUuid, stream] of registry.entries()) {
        if (isAffected?.(userUuid) ?? true) stream.push({ type: 'gap', since });
      }
    },
    hasStreams: (userUuid) => registry.of(userUuid).length > 0,
  });
  const sweep = setInterval(() => {
    for (const [, stream] of registry.entries()) stream.dropIfStalled();
  }, SWEEP_MS).unref();

  return {
    /**
     * Opens a stream of a person's events, from now on.
     *
     * @throws {Refusal} `rate_limited` if the person or this instance has too many; `store_unavailable` at shutdown
     */
    open(userUuid: string, connection?: StreamConnection): EventStream {
      if (closing) throw new Refusal('store_unavailable');
      if (registry.of(userUuid).length >= limits.ofPerson || registry.count() >= limits.inAll) {
        throw new Refusal('rate_limited', { retryAfter: RETRY_AFTER_S });
      }
      const stream = createOpenStream(connection, onDrop);
      registry.add(userUuid, stream);
      const following = bus.follow(userUuid);
      const close = () => {
        if (!registry.remove(userUuid, stream)) return;
        following.end();
        stream.queue.end();
      };
      connection?.onClose(close);
      return { queue: stream.queue, ready: following.ready, isHeard: following.isHeard, close };
    },

    count: registry.count,

    /**
     * Ends all streams, one after the other within 15 s. Until then each receives its events; its client reconnects to another
     * instance. Can be called again.
     */
    close: () => (closing ??= closeAll()),
  };

  async function closeAll(): Promise<void> {
    clearInterval(sweep);
    const open = registry.entries();
    const perTick = Math.max(CLOSING.perTick, Math.ceil((open.length * CLOSING.tickMs) / CLOSING.maxMs));
    for (let first = 0; first < open.length; first += perTick) {
      if (first > 0) await new Promise((resolve) => setTimeout(resolve, CLOSING.tickMs));
      for (const [, { queue, connection }] of open.slice(first, first + perTick)) {
        connection?.endAfterAnswer();
        queue.fail(new Refusal('store_unavailable'));
      }
    }
    unsubscribe();
  }
}

/** The open streams by person. */
function createRegistry() {
  const byPerson = new Map<string, Set<OpenStream>>();
  let count = 0;
  return {
    count: () => count,
    of: (userUuid: string): OpenStream[] => [...(byPerson.get(userUuid) ?? [])],
    entries: (): [string, OpenStream][] =>
      [...byPerson].flatMap(([userUuid, streams]) =>
        [...streams].map((each): [string, OpenStream] => [userUuid, each]),
      ),
    add(userUuid: string, stream: OpenStream): void {
      byPerson.set(userUuid, (byPerson.get(userUuid) ?? new Set()).add(stream));
      count++;
    },
    /** Returns whether the stream was open. */
    remove(userUuid: string, stream: OpenStream): boolean {
      const streams = byPerson.get(userUuid);
      if (!streams?.delete(stream)) return false;
      if (streams.size === 0) byPerson.delete(userUuid);
      count--;
      return true;
    },
  };
}

type OpenStream = ReturnType<typeof createOpenStream>;

function createOpenStream(connection: StreamConnection | undefined, onDrop: (reason: DropReason) => void) {
  const queue = createEventQueue<StreamItem>(QUEUE_CAPACITY);
  let wasStalled = false;
  let isDropped = false;
  const drop = (reason: DropReason) => {
    if (isDropped) return;
    isDropped = true;
    onDrop(reason);
    queue.fail(new Refusal('store_unavailable'));
    connection?.drop();
  };
  return {
    queue,
    connection,
    push(item: StreamItem): void {
      if (!queue.push(item)) drop('full');
    },
    /** Drops it if nothing left this process since the last sweep. */
    dropIfStalled(): void {
      const isStalled = connection?.isStalled() ?? false;
      if (isStalled && wasStalled) drop('stalled');
      wasStalled = isStalled;
    },
  };
}
