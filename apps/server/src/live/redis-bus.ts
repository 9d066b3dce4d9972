import { randomUUID } from 'node:crypto';
import { type BusEvent, type MessageStored, PUBLISH_MAX_MS, recipientsOf } from '@cruddur/bus';
import { createRedisNodes, createRedisPublisher, createRedisSubscriber } from '@cruddur/bus/redis';
import { createDeliveredMessages } from './delivered-messages.ts';
import type { EventBus } from './event-bus.ts';
import { createListeners } from './listeners.ts';
import { readNotification } from './notification.ts';

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
  const subscriber = createRedisSubscriber({ nodes, onPayload: receive, onGap: listeners.onGap, onError });

  function deliver(event: BusEvent, recipients: readonly string[]): void {
    delivered.add(event, recipients.filter(listeners.hasStreams));
    listeners.onEvent(event, recipients);
  }

  /** A server that ended between its write and its publication leaves a message that no stream has received. */
  function checkDelivery({ messageUuid, version }: MessageStored, userUuid: string): void {
    if (delivered.has(userUuid, messageUuid, version)) return;
    const check = () => {
      if (!delivered.has(userUuid, messageUuid, version)) listeners.onGap((each) => each === userUuid);
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
      case 'gap':
      // It cannot be read.
      case undefined:
      // Only for PostgreSQL.
      case 'message_reference':
      case 'change_reference':
      case 'alive':
      case 'leaving':
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
    start: () => subscriber.start(),
    async close() {
      await publisher.close();
      await subscriber.close();
    },
  };
}
