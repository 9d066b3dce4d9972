import { type BusEvent, type MessageStored, recipientsOf } from '../event.ts';
import { writeNotification } from '../notification.ts';
import { createPublishQueue, PUBLISH_MAX_MS, type PublishQueue } from '../publish-queue.ts';
import { withinTime } from '../within-time.ts';
import { channelOf, gapChannelOf, partitionOf, slotOf } from './partitions.ts';
import type { RedisNodes } from './redis-nodes.ts';

/** An outage fails in each partition. One error in this time is reported, in milliseconds. */
const REPORT_MS = 1000;

interface Publication {
  channel: string;
  payload: string;
}

export type RedisPublisher = ReturnType<typeof createRedisPublisher>;

/**
 * Sends events to the channels of their recipients. Each partition has its own queue: those of a node that is down wait for no one,
 * and delay no one.
 *
 * @param options.from - names this process; it ignores what it receives from itself
 */
export function createRedisPublisher(options: { nodes: RedisNodes; from: string; onError: (error: Error) => void }) {
  const { nodes, from } = options;
  const queues = new Map<number, PublishQueue<Publication>>();
  const onError = atMostEvery(REPORT_MS, options.onError);

  function queueOf(partition: number): PublishQueue<Publication> {
    const known = queues.get(partition);
    if (known) return known;
    const queue = createPublishQueue<Publication>({
      send: (publications) => withinTime(send(partition, publications), PUBLISH_MAX_MS),
      gapPayload: (since) => ({
        channel: gapChannelOf(partition),
        payload: writeNotification({ from, event: { type: 'gap', since } }),
      }),
      onError,
    });
    queues.set(partition, queue);
    return queue;
  }

  async function send(partition: number, publications: Publication[], isRetry = false): Promise<void> {
    const node = await nodes.ownerOf(slotOf(partition));
    const pipeline = node.pipeline();
    for (const { channel, payload } of publications) pipeline.spublish(channel, payload);
    const results = await pipeline.exec();
    const error = results?.find(([each]) => each !== null)?.[0];
    if (!error) return;
    nodes.forgetOwners();
    if (isRetry || !error.message.startsWith('MOVED ')) throw error;
    await send(partition, publications, true);
  }

  return {
    /**
     * Resolves when Redis has the event for each recipient, or when it was given up for one, which takes at most a second. Never rejects.
     *
     * @returns whether Redis has it
     */
    async publish(event: BusEvent | MessageStored): Promise<boolean> {
      const payload = writeNotification({ from, event });
      const adding = [...new Set(recipientsOf(event))].map((userUuid) =>
        queueOf(partitionOf(userUuid)).add({ channel: channelOf(userUuid), payload }),
      );
      return (await Promise.all(adding)).every((isSent) => isSent);
    },
    /**
     * Sends a payload to all processes, by the channel of a partition. Not by its queue: one that is lost leaves no gap.
     *
     * @throws if Redis does not have it within a second
     */
    sendToAll: (partition: number, payload: string): Promise<void> =>
      withinTime(send(partition, [{ channel: gapChannelOf(partition), payload }]), PUBLISH_MAX_MS),
    /**
     * Sends what is pending.
     *
     * @returns whether the others have every event, or know of the gap
     */
    async close(): Promise<boolean> {
      const closed = await Promise.all([...queues.values()].map((queue) => queue.close()));
      return closed.every((isPublished) => isPublished);
    },
  };
}

function atMostEvery(milliseconds: number, report: (error: Error) => void): (error: Error) => void {
  let reportedAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    const now = performance.now();
    if (now - reportedAt < milliseconds) return;
    reportedAt = now;
    report(error);
  };
}
