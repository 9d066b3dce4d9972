import {
  listMissedMessages,
  type Message,
  type MessageStore,
  type Micros,
  otherMember,
  type Person,
  type ReadMarker,
} from '@cruddur/ddb';
import type { BusEvent } from './bus-event.ts';
import { catchUpFrom, isTellable, positionAfter } from './stream-position.ts';
import type { EventStream } from './streams.ts';

/** What a person's stream gives. */
export type LiveEvent =
  /** Somebody wrote: the other one, or the person elsewhere. `person` is the group's other member, as in the list. */
  | { type: 'message'; message: Message; person: Person }
  /** A read marker of either member moved. */
  | ({ type: 'read' } & ReadMarker)
  /** The other one is typing. */
  | { type: 'typing'; messageGroupUuid: string; userUuid: string }
  /**
   * What was missed has been given. Where it is not complete (no position to begin from, or too much), lists and threads
   * must be read anew.
   */
  | { type: 'caught_up'; isComplete: boolean };

/** Most that is caught up by events; who missed more reads their lists anew. */
const MISSED = { maxGroups: 50, maxMessages: 1000 } as const;
/**
 * When the table is looked at again after a catch-up, in milliseconds: a message of that moment may stand in a group
 * whose row the Lambda has not moved yet.
 */
const LOOK_AGAIN_MS = [1_000, 5_000, 30_000];
/** Longest that one look may take, in milliseconds. */
const READ_MS = 8000;

interface LiveEventsOptions {
  store: MessageStore;
  userUuid: string;
  stream: EventStream;
  /** Where the client left off; undefined at a first opening. */
  position: Micros | undefined;
  now: () => Micros;
}

/**
 * Gives a person's events: first what was missed, oldest first, then what happens. Each comes with the position of the
 * stream after it. Events may repeat.
 */
export async function* liveEvents(options: LiveEventsOptions): AsyncGenerator<{ position: Micros; event: LiveEvent }> {
  const { store, userUuid, stream } = options;
  let position = options.position ?? options.now();
  /** Messages given since a catch-up, so that looking again gives only what is new; empty once no look is to come. */
  const given = new Set<string>();
  const looks = new Set<NodeJS.Timeout>();

  try {
    yield* catchUp(options.position);
    for await (const item of stream.queue) {
      if (item.type === 'gap') yield* catchUp(position);
      else if (item.type === 'look_again') yield* lookAgain(item.after);
      else yield give(toLiveEvent(item, userUuid));
    }
  } finally {
    looks.forEach(clearTimeout);
  }

  async function* catchUp(from: Micros | undefined) {
    const now = options.now();
    const after = catchUpFrom(from, now);
    for (const ms of LOOK_AGAIN_MS) {
      const look = setTimeout(() => looks.delete(look) && stream.queue.push({ type: 'look_again', after }), ms);
      looks.add(look);
    }
    const found = yield* missed(after);
    const isTold = found.isComplete && (from === undefined || isTellable(from, now));
    if (!isTold) position = options.now();
    yield give({ type: 'caught_up', isComplete: isTold && from !== undefined });
  }

  async function* lookAgain(after: Micros) {
    yield* missed(after);
    if (looks.size === 0) given.clear();
  }

  async function* missed(after: Micros) {
    const signal = AbortSignal.timeout(READ_MS);
    const found = await listMissedMessages(store, { userUuid, after, ...MISSED }, { signal });
    for (const { message, person } of found.messages) {
      if (!given.has(message.uuid)) yield give({ type: 'message', message, person });
    }
    return found;
  }

  function give(event: LiveEvent) {
    if (event.type === 'message') {
      if (looks.size > 0) given.add(event.message.uuid);
      position = positionAfter(position, event.message);
    }
    return { position, event };
  }
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
