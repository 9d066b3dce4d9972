import {
  listMissedMessages,
  type Message,
  type MessageStore,
  type Micros,
  otherMember,
  type Person,
  parseTime,
  type ReadMarker,
} from '@cruddur/ddb';
import pRetry from 'p-retry';
import { Refusal } from '../errors.ts';
import type { BusEvent } from './bus-event.ts';
import type { CatchUps } from './catch-ups.ts';
import { catchUpFrom, isTellable, positionAfter } from './stream-position.ts';
import type { EventStream, MissedItem } from './streams.ts';

/** An event of a person's stream. */
export type LiveEvent =
  /** A new message, also one that the person wrote elsewhere. `person` is the group's other member, as in the list. */
  | { type: 'message'; message: Message; person: Person }
  /** A read marker of either member moved. */
  | ({ type: 'read' } & ReadMarker)
  /** The other one is typing. */
  | { type: 'typing'; messageGroupUuid: string; userUuid: string }
  /**
   * What was missed has been given. If it is not complete (no position to begin from, or too much), lists and threads
   * must be read again.
   */
  | { type: 'caught_up'; isComplete: boolean };

/** Most that is caught up by events; a client that missed more reads its lists again. */
const BOUNDS = { groups: 50, messages: 1000, units: 300 } as const;
/**
 * When the table is looked at again after a catch-up, in milliseconds, and up to half as much later: a message of that
 * moment may be in a group whose row the Lambda has not moved yet.
 */
const LOOK_AGAIN_MS = [1_000, 5_000, 30_000];
/** All streams hear of a gap at the same moment: their catch-ups are spread over so many milliseconds. */
const GAP_SPREAD_MS = 2_000;
/** How a read for an open stream is tried again, milliseconds. A refusal says how long to wait: the client does that. */
const RETRY = {
  retries: 2,
  minTimeout: 1_000,
  randomize: true,
  shouldRetry: ({ error }: { error: Error }) => !(error instanceof Refusal),
};
/** Longest that one read may take, in milliseconds. */
const READ_MS = 8000;

interface LiveEventsOptions {
  store: MessageStore;
  catchUps: CatchUps;
  userUuid: string;
  stream: EventStream;
  /** Where the client left off; undefined at a first opening. */
  position: Micros | undefined;
  now: () => Micros;
  /** From 0 to 1: spreads what would otherwise happen on all streams at once. */
  random?: () => number;
}

/**
 * Yields a person's events: first what was missed, oldest first, then what happens. Each comes with the position of the
 * stream after it. Events may repeat.
 */
export async function* liveEvents(options: LiveEventsOptions): AsyncGenerator<{ position: Micros; event: LiveEvent }> {
  const { store, catchUps, userUuid, stream, now, random = Math.random } = options;
  let position = options.position ?? now();
  /** Messages sent since a catch-up, so that a later look adds only new ones; empty once no look is due. */
  const given = new Set<string>();
  let looks = 0;
  /** Gaps that are not caught up yet. Until then the position stays where it was: a client that resumes misses nothing. */
  const gaps = { open: 0, isWaiting: false, position };
  const reads = createBackgroundReads(stream.queue);

  try {
    yield* giveMissed(await readMissed(options.position));
    for await (const item of stream.queue) {
      if (item.type === 'gap') catchUpLater();
      else if (item.type === 'missed') yield* giveMissed(item);
      else yield give(toLiveEvent(item, userUuid));
    }
  } finally {
    reads.stop();
  }

  async function readMissed(from: Micros | undefined): Promise<MissedItem> {
    const at = now();
    const after = catchUpFrom(from, at);
    const found = await catchUps.catchUp(userUuid, { after, isResumed: from !== undefined }, (earliest) =>
      listMissedMessages(
        store,
        { userUuid, after: earliest, bounds: BOUNDS },
        { signal: AbortSignal.timeout(READ_MS) },
      ),
    );
    return { type: 'missed', after, found, catchUp: { from, at } };
  }

  /** Several gaps before the catch-up begins are one. */
  function catchUpLater() {
    if (gaps.isWaiting) return;
    gaps.isWaiting = true;
    if (gaps.open++ === 0) gaps.position = position;
    reads.later(random() * GAP_SPREAD_MS, () => {
      gaps.isWaiting = false;
      return readMissed(gaps.position);
    });
  }

  /** Looks again at groups whose rows have moved since the catch-up. */
  function lookAgain({ after, found, catchUp }: MissedItem) {
    // After an incomplete one the client reads everything again: only what is not in the list yet is looked for.
    const from = found.isComplete || catchUp === undefined ? after : catchUpFrom(undefined, catchUp.at);
    const known = new Map(found.isComplete ? found.rows : []);
    for (const ms of LOOK_AGAIN_MS) {
      looks++;
      reads.later(ms * (1 + random() / 2), async () => {
        const input = { userUuid, after: from, bounds: BOUNDS, known };
        const again = await catchUps.limit(() =>
          listMissedMessages(store, input, { signal: AbortSignal.timeout(READ_MS) }),
        );
        for (const [group, sk] of again.rows) known.set(group, sk);
        return { type: 'missed', after: from, found: again };
      });
    }
  }

  function* giveMissed(item: MissedItem) {
    const { after, found, catchUp } = item;
    if (catchUp) lookAgain(item);
    else looks--;
    for (const { message, person } of found.messages) {
      const isNew = !given.has(message.uuid) && (parseTime(message.createdAt) ?? 0) > after;
      if (isNew) yield give({ type: 'message', message, person });
    }
    if (looks === 0) given.clear();
    if (!catchUp && found.isComplete) return;
    if (catchUp && gaps.open > 0) gaps.open--;
    const isTold = found.isComplete && (catchUp?.from === undefined || isTellable(catchUp.from, catchUp.at));
    if (!isTold) position = now();
    yield give({ type: 'caught_up', isComplete: isTold && catchUp?.from !== undefined });
  }

  function give(event: LiveEvent) {
    if (event.type === 'message') {
      if (looks > 0) given.add(event.message.uuid);
      position = positionAfter(position, event.message);
    }
    return { position: gaps.open > 0 ? gaps.position : position, event };
  }
}

/** Reads in the background and puts what was found into the queue: live events do not wait for it. */
function createBackgroundReads(queue: EventStream['queue']) {
  const timers = new Set<NodeJS.Timeout>();
  const stopping = new AbortController();
  const add = (item: MissedItem) => {
    if (!queue.push(item)) queue.fail(new Refusal('store_unavailable'));
  };
  return {
    later(ms: number, read: () => Promise<MissedItem>): void {
      const timer = setTimeout(() => {
        timers.delete(timer);
        pRetry(read, { ...RETRY, signal: stopping.signal }).then(add, queue.fail);
      }, ms);
      timers.add(timer);
    },
    stop(): void {
      stopping.abort();
      timers.forEach(clearTimeout);
    },
  };
}

function toLiveEvent(event: BusEvent, userUuid: string): LiveEvent {
  switch (event.type) {
    case 'message':
      return { type: 'message', message: event.message, person: otherMember(event.members, userUuid) };
    case 'read':
      return { type: 'read', ...event.marker };
    case 'typing':
      return { type: 'typing', messageGroupUuid: event.messageGroupUuid, userUuid: event.userUuid };
  }
}
