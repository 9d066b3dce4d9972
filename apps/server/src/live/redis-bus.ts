import { randomUUID } from 'node:crypto';
import {
  type BusEvent,
  type MessageStored,
  PUBLISH_MAX_MS,
  recipientsOf,
  STORED_MAX_AGE_MS,
  writeNotification,
} from '@cruddur/bus';
import { createRedisNodes, createRedisPublisher, createRedisSubscriber } from '@cruddur/bus/redis';
import { createDeliveredMessages } from './delivered-messages.ts';
import type { EventBus } from './event-bus.ts';
import { createHeartbeats } from './heartbeats.ts';
import { createListeners } from './listeners.ts';
import { readNotification } from './notification.ts';

/** The partition whose channel carries the heartbeats of all instances. */
const HEARTBEATS = 0;

export interface RedisBusOptions {
  /** A server, or nodes of a cluster, separated by commas. */
  url: string;
  onError: (error: Error) => void;
}

/**
 * Connects server instances by sharded pub/sub of Redis or Valkey: an instance receives the events of the people who have streams on
 * it. It delivers its own events directly, even while Redis is down.
 *
 * @throws if the URL is invalid
 */
export function createRedisBus({ url, onError }: RedisBusOptions): EventBus {
  const instance = randomUUID();
  const listeners = createListeners();
  const delivered = createDeliveredMessages();
  const nodes = createRedisNodes(url, onError);
  const publisher = createRedisPublisher({ nodes, from: instance, onError });
  const heartbeats = createHeartbeats({
    send: (type) =>
      publisher.sendToAll(HEARTBEATS, writeNotification({ from: instance, event: { type } })).catch(onError),
    onDeath: (since) => listeners.onGap(undefined, since),
  });
  const subscriber = createRedisSubscriber({
    nodes,
    onPayload: receive,
    onGap: listeners.onGap,
    onHeard(partition, isHeard) {
      if (partition !== HEARTBEATS) return;
      if (isHeard) heartbeats.listening();
      else heartbeats.deaf();
    },
    onError,
  });

  function deliver(event: BusEvent, recipients: readonly string[]): void {
    delivered.add(event, recipients.filter(listeners.hasStreams));
    listeners.onEvent(event, recipients);
  }

  /** A server that ended between its write and its publication leaves a message that no stream has received. */
  function checkDelivery({ messageUuid, version }: MessageStored, userUuid: string): void {
    if (delivered.has(userUuid, messageUuid, version)) return;
    const check = () => {
      if (!delivered.has(userUuid, messageUuid, version))
        listeners.onGap((each) => each === userUuid, Date.now() - STORED_MAX_AGE_MS);
    };
    setTimeout(check, PUBLISH_MAX_MS).unref();
  }

  function receive(
    payload: string,
    { userUuid, partition }: { userUuid: string | undefined; partition: number },
  ): void {
    const notification = readNotification(payload);
    if (notification?.from === instance) return;
    const event = notification?.event;
    switch (event?.type) {
      case 'unknown':
        break;
      case 'message':
      case 'changed':
      case 'read':
      case 'state':
      case 'typing':
      case 'settings':
        if (userUuid !== undefined) deliver(event, [userUuid]);
        break;
      case 'stored':
        if (userUuid !== undefined) checkDelivery(event, userUuid);
        break;
      case 'hello':
      case 'alive':
      case 'leaving':
        heartbeats.heard(notification?.from ?? '', event.type);
        break;
      case 'gap':
        subscriber.reportGap(partition, event.since);
        break;
      // It cannot be read.
      case undefined:
      // Only for PostgreSQL.
      case 'message_reference':
      case 'change_reference':
        subscriber.reportGap(partition);
    }
  }

  return {
    async publish(event) {
      deliver(event, recipientsOf(event));
      await publisher.publish(event);
    },
    subscribe: listeners.add,
    follow: (userUuid) => subscriber.follow(userUuid),
    start() {
      subscriber.start();
      heartbeats.start();
    },
    async close() {
      const isPublished = await publisher.close();
      await heartbeats.stop({ isPublished });
      await subscriber.close();
    },
  };
}
