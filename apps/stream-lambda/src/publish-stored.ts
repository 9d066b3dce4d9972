import { randomUUID } from 'node:crypto';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { MessageStored } from '@cruddur/bus';
import type { PublishStored } from './announce-stored.ts';

/** Creates a function that publishes over Redis. It loads the client and connects with the first event. */
export function createPublishStored(url: string, logger: Logger): PublishStored {
  const onError = (error: Error) => logger.warn('the bus failed', error);
  const load = async () => {
    const { createRedisNodes, createRedisPublisher } = await import('@cruddur/bus/redis');
    return createRedisPublisher({ nodes: createRedisNodes(url, onError), from: randomUUID(), onError });
  };
  let publisher: ReturnType<typeof load> | undefined;
  return async (event: MessageStored) => {
    publisher ??= load();
    return (await publisher).publish(event);
  };
}
