import { randomUUID } from 'node:crypto';
import type { Logger } from '@aws-lambda-powertools/logger';
import { type MessageStored, withinTime } from '@cruddur/bus';
import type { PublishStored } from './announce-stored.ts';

/** The first announcement of a process waits at most this long for the password and the client, in milliseconds. */
const LOAD_MAX_MS = 5000;

/**
 * Creates a function that publishes over Redis. It loads the client and connects with the first event.
 *
 * @param readUrl - called with the first event, and again as long as it fails
 */
export function createPublishStored(readUrl: () => Promise<string>, logger: Logger): PublishStored {
  const onError = (error: Error) => logger.warn('the bus failed', error);
  const load = async () => {
    const [url, { createRedisNodes, createRedisPublisher }] = await Promise.all([
      readUrl(),
      import('@cruddur/bus/redis'),
    ]);
    return createRedisPublisher({ nodes: createRedisNodes(url, onError), from: randomUUID(), onError });
  };
  let publisher: ReturnType<typeof load> | undefined;
  const ready = () => {
    publisher ??= load().catch((error: unknown) => {
      publisher = undefined;
      throw error;
    });
    return withinTime(publisher, LOAD_MAX_MS);
  };
  return async (event: MessageStored) => {
    try {
      const loaded = await ready();
      return await loaded.publish(event);
    } catch (error) {
      onError(error as Error);
      return false;
    }
  };
}
