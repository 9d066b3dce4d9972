import { randomUUID } from 'node:crypto';
import { type Database, type Listener, listen, notify } from '@cruddur/db';
import { EPOCH, findMembers, findMessageAt, type MessageStore, parseTime } from '@cruddur/ddb';
import pTimeout from 'p-timeout';
import type { BusEvent, BusListener, EventBus } from './event-bus.ts';
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
  const listeners = new Set<BusListener>();
  const queue = createPublishQueue({
    send: (payloads) => pTimeout(notify(db, CHANNEL, payloads), { milliseconds: PUBLISH_MS }),
    gapPayload: writeNotification({ from: instance, event: { type: 'gap' } }),
    onError,
  });
  let connection: Listener | undefined;

  const deliver = (event: BusEvent) => {
    for (const listener of listeners) listener.onEvent(event);
  };
  const deliverGap = () => {
    for (const listener of listeners) listener.onGap();
  };

  async function receive(payload: string): Promise<void> {
    const notification = readNotification(payload);
    if (notification?.from === instance) return;
    const event = notification?.event;
    if (event?.type === 'unknown') return;
    if (event === undefined || event.type === 'gap') deliverGap();
    else if (event.type === 'message_reference') await resolveReference(event);
    else deliver(event);
  }

  async function resolveReference({ memberUuids, messageGroupUuid, createdAt }: MessageReference): Promise<void> {
    if (![...listeners].some(({ hasStreams }) => memberUuids.some(hasStreams))) return;
    try {
      const [message, found] = await Promise.all([
        findMessageAt(store, { messageGroupUuid, at: parseTime(createdAt) ?? EPOCH }),
        findMembers(store, messageGroupUuid),
      ]);
      if (message && found) deliver({ type: 'message', message, members: found.members });
    } catch (error) {
      onError(error as Error);
      deliverGap();
    }
  }

  return {
    async publish(event) {
      deliver(event);
      await queue.add(writeNotification({ from: instance, event }));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      connection ??= listen(url, CHANNEL, {
        onPayload: (payload) => void receive(payload),
        onListening: deliverGap,
        onLost: onError,
      });
    },
    async close() {
      await Promise.all([queue.close(), connection?.close()]);
    },
  };
}
