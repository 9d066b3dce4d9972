import { randomUUID } from 'node:crypto';
import {
  type BusEvent,
  createPublishQueue,
  PUBLISH_MAX_MS,
  recipientsOf,
  withinTime,
  writeNotification,
} from '@cruddur/bus';
import { type Database, type GetPassword, type Listener, listen, notify } from '@cruddur/db';
import { EPOCH, findMembers, findMessageAt, type MessageStore, parseTime } from '@cruddur/ddb';
import type { EventBus } from './event-bus.ts';
import { createHeartbeats } from './heartbeats.ts';
import { createListeners } from './listeners.ts';
import { type MessageReference, writeWithinLimit } from './message-reference.ts';
import { readNotification } from './notification.ts';

/** The channel of all server instances. */
const CHANNEL = 'cruddur_events';

export interface PostgresBusOptions {
  db: Database;
  /** For the listener's connection. */
  url: string;
  getPassword?: GetPassword | undefined;
  /** Has the messages that are too large for a notification. */
  store: MessageStore;
  onError: (error: Error) => void;
}

/**
 * Connects server instances by PostgreSQL's LISTEN and NOTIFY. An instance delivers its own events directly, even while
 * PostgreSQL is down.
 */
export function createPostgresBus({ db, url, getPassword, store, onError }: PostgresBusOptions): EventBus {
  const instance = randomUUID();
  const listeners = createListeners();
  const send = (payloads: string[]) => withinTime(notify(db, CHANNEL, payloads), PUBLISH_MAX_MS);
  const queue = createPublishQueue({
    send,
    gapPayload: (since) => writeNotification({ from: instance, event: { type: 'gap', since } }),
    onError,
  });
  const heartbeats = createHeartbeats({
    // Not by the queue: a heartbeat that is lost leaves no gap.
    send: (type) => send([writeNotification({ from: instance, event: { type } })]).catch(onError),
    onDeath: (since) => listeners.onGap(undefined, since),
  });
  let connection: Listener | undefined;
  /** Since when this instance hears no one, in milliseconds since 1970. */
  let deafSince: number | undefined = Date.now();

  const deliver = (event: BusEvent) => listeners.onEvent(event, recipientsOf(event));

  async function receive(payload: string): Promise<void> {
    const { from, event } = readNotification(payload) ?? { from: '', event: { type: 'gap' as const } };
    if (from === instance) return;
    // Only over Redis does the stream's Lambda publish.
    if (event.type === 'unknown' || event.type === 'stored') return;
    if (event.type === 'gap') listeners.onGap(undefined, event.since);
    else if (event.type === 'alive' || event.type === 'hello' || event.type === 'leaving')
      heartbeats.heard(from, event.type);
    else if (event.type === 'message_reference' || event.type === 'change_reference') await resolveReference(event);
    else deliver(event);
  }

  async function resolveReference(reference: MessageReference): Promise<void> {
    const { type, memberUuids, messageGroupUuid, createdAt } = reference;
    if (!memberUuids.some(listeners.hasStreams)) return;
    const messageUuid = type === 'change_reference' ? reference.messageUuid : undefined;
    try {
      const [message, found] = await Promise.all([
        findMessageAt(store, { messageGroupUuid, messageUuid, at: parseTime(createdAt) ?? EPOCH }),
        type === 'message_reference' ? findMembers(store, messageGroupUuid) : undefined,
      ]);
      if (message && type === 'change_reference') deliver({ type: 'changed', message, memberUuids });
      else if (message && found) {
        deliver({ type: 'message', message, members: found.members, delivery: reference.delivery });
      }
    } catch (error) {
      onError(error as Error);
      listeners.onGap();
    }
  }

  return {
    async publish(event) {
      deliver(event);
      await queue.add(writeWithinLimit({ from: instance, event }));
    },
    subscribe: listeners.add,
    // Every instance receives everything.
    follow: () => ({ ready: Promise.resolve(), isHeard: () => deafSince === undefined, end: () => undefined }),
    start() {
      const events = {
        onPayload: (payload: string) => void receive(payload),
        onListening() {
          heartbeats.listening();
          listeners.onGap(undefined, deafSince);
          deafSince = undefined;
        },
        onLost(error: Error) {
          heartbeats.deaf();
          deafSince ??= Date.now();
          onError(error);
        },
      };
      connection ??= listen(url, CHANNEL, events, getPassword);
      heartbeats.start();
    },
    async close() {
      const [isPublished] = await Promise.all([queue.close(), connection?.close()]);
      await heartbeats.stop({ isPublished });
    },
  };
}
