import { randomUUID } from 'node:crypto';
import { type Database, type Listener, listen, notify } from '@cruddur/db';
import { EPOCH, findMembers, findMessageAt, type MessageStore, parseTime } from '@cruddur/ddb';
import type { BusListener, EventBus } from './event-bus.ts';
import { type MessageReference, readNotification, writeNotification } from './notification.ts';
import { createPublishQueue } from './publish-queue.ts';

/** The channel of all server instances. */
const CHANNEL = 'cruddur_events';
/** Longest that a publication may take. The caller's acknowledgement waits for it. */
const PUBLISH_MS = 1000;

export interface PostgresBusOptions {
  db: Database;
  /** For the listener's connection. */
  url: string;
  /** Has the messages that are too large for a notification. */
  store: MessageStore;
  onError: (error: Error) => void;
}

/**
 * Connects server instances by PostgreSQL's LISTEN and NOTIFY. An instance delivers its own events directly, even while
 * PostgreSQL is down.
 */
export function createPostgresBus({ db, url, store, onError }: PostgresBusOptions): EventBus {
  const instance = randomUUID();
  const listeners = createListeners();
  const queue = createPublishQueue({
    send: (payloads) => withinTime(notify(db, CHANNEL, payloads), PUBLISH_MS),
    gapPayload: writeNotification({ from: instance, event: { type: 'gap' } }),
    onError,
  });
  let connection: Listener | undefined;

  async function receive(payload: string): Promise<void> {
    const notification = readNotification(payload);
    if (notification?.from === instance) return;
    const event = notification?.event;
    if (event?.type === 'unknown') return;
    if (event === undefined || event.type === 'gap') listeners.onGap();
    else if (event.type === 'message_reference' || event.type === 'change_reference') await resolveReference(event);
    else listeners.onEvent(event);
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
      if (message && type === 'change_reference') listeners.onEvent({ type: 'changed', message, memberUuids });
      else if (message && found) {
        listeners.onEvent({ type: 'message', message, members: found.members, delivery: reference.delivery });
      }
    } catch (error) {
      onError(error as Error);
      listeners.onGap();
    }
  }

  return {
    async publish(event) {
      listeners.onEvent(event);
      await queue.add(writeNotification({ from: instance, event }));
    },
    subscribe: listeners.add,
    start() {
      connection ??= listen(url, CHANNEL, {
        onPayload: (payload) => void receive(payload),
        onListening: listeners.onGap,
        onLost: onError,
      });
    },
    async close() {
      await Promise.all([queue.close(), connection?.close()]);
    },
  };
}

/** The subscribers of this instance as one listener. */
function createListeners(): BusListener & { add: EventBus['subscribe'] } {
  const listeners = new Set<BusListener>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onEvent(event) {
      for (const listener of listeners) listener.onEvent(event);
    },
    onGap() {
      for (const listener of listeners) listener.onGap();
    },
    hasStreams: (userUuid) => [...listeners].some((listener) => listener.hasStreams(userUuid)),
  };
}

/** As `p-timeout` does, which captures a stack each time: a tenth of the server's work for a message. */
function withinTime(work: Promise<void>, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const expire = () => reject(Object.assign(new Error('timed out'), { name: 'TimeoutError' }));
    const timer = setTimeout(expire, milliseconds);
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
