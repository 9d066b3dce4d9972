import type { MessageChanged } from '@cruddur/bus';
import { createRedisNodes, createRedisPublisher, createRedisSubscriber } from '@cruddur/bus/redis';
import { execa } from 'execa';
import { startRedis } from '../tests/redis/support/redis-server.ts';
import { NEVER_CHANGED } from '../tests/support/never-changed.ts';
import { log } from './report.ts';

/** Each has a channel. */
const PEOPLE = 60_000;
/** An odd distance, so that two recipients are at two listeners. */
const DISTANCE = 30_001;
const people = Array.from({ length: PEOPLE }, (_, i) => `person-${i}`);

/** Whether Debian's `redis-server` is installed. */
export async function hasRedis(): Promise<boolean> {
  const { failed } = await execa('redis-server', ['--version'], { reject: false });
  return !failed;
}

/** Listeners at one Redis server, each with an even share of the people, and a publisher, through the server's own client. */
export async function startRedisBus(listeners: number) {
  const redis = await startRedis();
  let received = 0;
  const onReceived = () => received++;
  const ends = await Promise.all(
    Array.from({ length: listeners }, (_, place) => listenTo(redis.url, (i) => i % listeners === place, onReceived)),
  );
  const nodes = createRedisNodes(redis.url, onError);
  const publisher = createRedisPublisher({ nodes, from: 'bench', onError });
  return {
    publish: (event: MessageChanged) => publisher.publish(event),
    /** How often an event has been received so far. */
    received: () => received,
    async stop() {
      await Promise.all([publisher.close(), ...ends.map((end) => end())]);
      nodes.close();
      await redis.stop();
    },
  };
}

const onError = (error: Error) => log(error.message);

/** Subscribes to a share of the people. Resolves when it has, with a function that ends it. */
async function listenTo(
  url: string,
  isOwn: (i: number) => boolean,
  onReceived: () => void,
): Promise<() => Promise<void>> {
  const own = people.filter((_, i) => isOwn(i));
  const missing = new Set(own);
  const subscriber = await new Promise<ReturnType<typeof createRedisSubscriber>>((resolve) => {
    const created = createRedisSubscriber({
      nodes: createRedisNodes(url, onError),
      onPayload: onReceived,
      // It follows the subscription.
      onGap(isAffected) {
        for (const each of missing) if (isAffected(each)) missing.delete(each);
        if (missing.size === 0) resolve(created);
      },
      onHeard: () => undefined,
      onError,
    });
    for (const each of own) created.follow(each);
    created.start();
  });
  return () => subscriber.close();
}

/** An event of about 1,000 bytes, to two people. */
export function eventTo(i: number): MessageChanged {
  const memberUuids = [people[i % PEOPLE] ?? '', people[(i + DISTANCE) % PEOPLE] ?? ''] as const;
  const sender = { userUuid: memberUuids[0], handle: 'bench', displayName: 'Bench' };
  const message = {
    ...NEVER_CHANGED,
    ...sender,
    uuid: `${i}`,
    messageGroupUuid: 'g',
    createdAt: '',
    message: 'x'.repeat(600),
  };
  return { type: 'changed', message, memberUuids };
}
