import { randomUUID } from 'node:crypto';
import { type Database, type Listener, listen, notify } from '@cruddur/db';
import { findMembers, findMessageAt, type MessageStore, parseTime } from '@cruddur/ddb';
import pTimeout from 'p-timeout';
import type { BusEvent } from './bus-event.ts';
import type { BusListener, EventBus } from './event-bus.ts';
import { type MessageReference, readNotification, writeNotification } from './notification.ts';
import { createPublishQueue } from './publish-queue.ts';

/** The one channel of all server instances. */
const CHANNEL = 'cruddur_events';
/** Longest that an acknowledgement waits for the other instances to be told, in milliseconds. */
const PUBLISH_MS = 1000;

export interface PostgresBusOptions {
  db: Database;
  /** Where the listener's own connection goes. */
  url: string;
  /** Where messages are read from that were too large for a notification. */
  store: MessageStore;
  onError: (error: Error) => void;
}

/**
 * The bus between server instances by PostgreSQL's LISTEN and NOTIFY. An instance's own events reach its own streams
 * without the way round, also while PostgreSQL is away.
 */
export function createPostgresBus({ db, url, store, onError }: PostgresBusOptions): EventBus {
  const instance = randomUUID();
  const listeners = new Set<BusListener>();
  const queue = createPublishQueue({
    send: (payloads) => pTimeout(notify(db, CHANNEL, payloads), { milliseconds: PUBLISH_MS }),
    gapPayload: writeNotification({ from: instance, event: { type: 'gap' } }),
    onError,
  });
  let listener: Listener | undefined;

  const tell = (event: BusEvent) => {
    for (const each of listeners) each.onEvent(event);
  };
  const tellOfGap = () => {
    for (const each of listeners) each.onGap();
  };

  async function take(payload: string): Promise<void> {
    const notification = readNotification(payload);
    if (notification?.from === instance) return;
    const event = notification?.event;
    if (event?.type === 'unknown') return;
    if (event === undefined || event.type === 'gap') tellOfGap();
    else if (event.type === 'message_reference') await resolveReference(event);
    else tell(event);
  }

  async function resolveReference(reference: MessageReference): Promise<void> {
    const { memberUuids, messageGroupUuid } = reference;
    if (![...listeners].some((each) => memberUuids.some(each.hasStreams))) return;
    try {
      const [message, found] = await Promise.all([
        findMessageAt(store, { messageGroupUuid, at: parseTime(reference.createdAt) ?? 0 }),
        findMembers(store, messageGroupUuid),
      ]);
      if (message && found) tell({ type: 'message', message, members: found.members });
    } catch (error) {
      onError(error as Error);
      tellOfGap();
    }
  }

  return {
    async publish(event) {
      tell(event);
      await queue.add(writeNotification({ from: instance, event }));
    },
    subscribe(each) {
      listeners.add(each);
      return () => listeners.delete(each);
    },
    start() {
      listener ??= listen(url, CHANNEL, {
        onPayload: (payload) => void take(payload),
        onListening: tellOfGap,
        onLost: onError,
      });
    },
    async close() {
      await Promise.all([queue.close(), listener?.close()]);
    },
  };
}
