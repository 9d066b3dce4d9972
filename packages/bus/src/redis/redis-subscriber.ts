import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { PUBLISH_MAX_MS } from '../publish-queue.ts';
import { withinTime } from '../within-time.ts';
import { channelOf, gapChannelOf, PARTITIONS, parseChannel, partitionOf, slotOf } from './partitions.ts';
import type { RedisNodes } from './redis-nodes.ts';

/** How often each node is asked how many channels it has for this process: fewer, if slots were moved to another node. */
const HEARTBEAT_MS = 5000;
const RETRY_MS = { least: 100, most: 2000 };
/** Gaps of partitions that are reported within this time are one gap. */
const JOIN_GAPS_MS = 50;

export interface RedisSubscriberOptions {
  nodes: RedisNodes;
  /** @param userUuid - the person whose channel it was sent to; undefined on the channel of a partition */
  onPayload: (payload: string, to: { userUuid: string | undefined; partition: number }) => void;
  /** Events of these people may have been lost since a time, in milliseconds since 1970, until now. */
  onGap: (isAffected: (userUuid: string) => boolean, since: number) => void;
  /** Whether a partition is subscribed to has changed. */
  onHeard: (partition: number, isHeard: boolean) => void;
  onError: (error: Error) => void;
}

/** The channels of a partition that this process needs. */
interface Partition {
  number: number;
  /** How often each person is followed. */
  people: Map<string, number>;
  /** What the channels were asked for on. Undefined while they are not: all of them will be, and then a gap is reported. */
  connection: Redis | undefined;
  isSubscribed: boolean;
  /** Since when its events do not arrive, in milliseconds since 1970. */
  lostAt: number | undefined;
  /** Resolve when it is subscribed to. */
  waiting: (() => void)[];
}

export type RedisSubscriber = ReturnType<typeof createRedisSubscriber>;

/**
 * Receives the events of the people who are followed, and the gaps of all partitions. A partition whose node is lost, or that was moved to
 * another one, is subscribed to again, and then reported as a gap.
 */
export function createRedisSubscriber({ nodes, onPayload, onGap, onHeard, onError }: RedisSubscriberOptions) {
  const partitions = Array.from({ length: PARTITIONS }, (_, number) => createPartition(number));
  const gaps = createGaps(onGap);
  /** The channels that were asked for on each connection. */
  const channels = new Map<Redis, Set<string>>();
  const closing = new AbortController();
  const { signal } = closing;
  let running: Promise<void> | undefined;
  let wake = () => {};

  nodes.watch((redis) => {
    redis.on('smessage', (name: string, payload: string) => {
      const channel = parseChannel(name);
      if (channel) onPayload(payload, channel);
    });
    redis.on('close', () => {
      channels.delete(redis);
      for (const each of partitions) if (each.connection === redis) lose(each);
      wake();
    });
  });

  function lose(partition: Partition): void {
    partition.connection = undefined;
    partition.isSubscribed = false;
    partition.lostAt ??= Date.now();
    onHeard(partition.number, false);
  }

  /** Asks for channels, which share a slot. Rejects if the node refuses, or the connection breaks. */
  async function ask(redis: Redis, names: string[]): Promise<void> {
    const asked = channels.get(redis) ?? new Set();
    channels.set(redis, asked);
    for (const name of names) asked.add(name);
    try {
      await redis.ssubscribe(...names);
    } catch (error) {
      for (const name of names) asked.delete(name);
      throw error;
    }
  }

  async function subscribe(partition: Partition): Promise<void> {
    const redis = await nodes.ownerOf(slotOf(partition.number));
    partition.connection = redis;
    try {
      await ask(redis, [gapChannelOf(partition.number), ...[...partition.people.keys()].map(channelOf)]);
    } catch (error) {
      if (partition.connection === redis) lose(partition);
      nodes.forgetOwners();
      throw error;
    }
    // It may have been lost since.
    if (partition.connection !== redis) return;
    partition.isSubscribed = true;
    gaps.add(partition.number, partition.lostAt);
    partition.lostAt = undefined;
    onHeard(partition.number, true);
    for (const settle of partition.waiting.splice(0)) settle();
  }

  /** Breaks the connections on which a node has fewer channels than were asked for. */
  async function checkNodes(): Promise<void> {
    const check = async ([redis, asked]: [Redis, Set<string>]) => {
      const [name] = asked;
      if (name === undefined) return;
      const expected = asked.size;
      // Asking again changes nothing, and the answer is the number of channels.
      const count = await redis.ssubscribe(name).catch(() => undefined);
      if (count !== expected && channels.get(redis) === asked) redis.disconnect(true);
    };
    await Promise.all([...channels].map(check));
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const lost = partitions.filter(({ isSubscribed }) => !isSubscribed);
      const [results] = await Promise.all([Promise.allSettled(lost.map(subscribe)), checkNodes()]);
      const failed = results.find((result) => result.status === 'rejected');
      failures = failed ? failures + 1 : 0;
      if (failed && failures === 1) onError(new Error('cannot subscribe', { cause: failed.reason }));
      const isComplete = partitions.every(({ isSubscribed }) => isSubscribed);
      await pause(isComplete ? HEARTBEAT_MS : Math.min(RETRY_MS.most, RETRY_MS.least * 2 ** Math.max(0, failures - 1)));
    }
  }

  /** Waits for a time, or until a partition is lost. */
  async function pause(milliseconds: number): Promise<void> {
    const waking = new AbortController();
    wake = () => waking.abort();
    const either = AbortSignal.any([signal, waking.signal]);
    await sleep(milliseconds, undefined, { signal: either, ref: false }).catch(() => undefined);
  }

  /** Asks for a person's channel on a partition that is subscribed to, or is about to be. */
  async function askFor(partition: Partition, userUuid: string): Promise<void> {
    const { connection } = partition;
    if (!connection) return new Promise((settle) => partition.waiting.push(settle));
    await ask(connection, [channelOf(userUuid)]).catch(() => {
      // All of its channels are asked for again.
      if (partition.connection === connection) lose(partition);
      wake();
    });
  }

  function unfollow(partition: Partition, userUuid: string): void {
    const count = (partition.people.get(userUuid) ?? 0) - 1;
    if (count > 0) return void partition.people.set(userUuid, count);
    partition.people.delete(userUuid);
    const { connection } = partition;
    if (!connection) return;
    channels.get(connection)?.delete(channelOf(userUuid));
    // If the connection breaks, the channel is gone as well.
    connection.sunsubscribe(channelOf(userUuid)).catch(() => undefined);
  }

  return {
    /**
     * Subscribes to a person's channel.
     *
     * @returns a promise that resolves when it is subscribed to, or after a second: then a gap follows; whether its partition is
     *   subscribed to now; and a function that ends it
     */
    follow(userUuid: string): { ready: Promise<void>; isHeard: () => boolean; end: () => void } {
      const followedAt = Date.now();
      const partition = partitions[partitionOf(userUuid)] as Partition;
      const count = partition.people.get(userUuid) ?? 0;
      partition.people.set(userUuid, count + 1);
      const asked = askFor(partition, userUuid);
      const ready = withinTime(asked, PUBLISH_MAX_MS).catch(() => {
        void asked.then(() => gaps.add(partition.number, followedAt));
      });
      return { ready, isHeard: () => partition.isSubscribed, end: () => unfollow(partition, userUuid) };
    },
    /** Reports that events of a partition's people may have been lost since a time, in milliseconds since 1970. */
    reportGap: (partition: number, since?: number): void => gaps.add(partition, since),
    start(): void {
      running ??= run();
    },
    async close(): Promise<void> {
      closing.abort();
      gaps.stop();
      nodes.close();
      await running;
    },
  };
}

const createPartition = (number: number): Partition => ({
  number,
  people: new Map(),
  connection: undefined,
  isSubscribed: false,
  lostAt: Date.now(),
  waiting: [],
});

/** Joins the gaps of partitions: each makes a caller look at all of its streams. */
function createGaps(onGap: RedisSubscriberOptions['onGap']) {
  let open = new Set<number>();
  let openSince = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function report(): void {
    const [reported, since] = [open, openSince];
    [open, openSince, timer] = [new Set(), Number.POSITIVE_INFINITY, undefined];
    onGap((userUuid) => reported.has(partitionOf(userUuid)), since);
  }

  return {
    add(partition: number, since = Date.now()): void {
      open.add(partition);
      openSince = Math.min(openSince, since);
      timer ??= setTimeout(report, JOIN_GAPS_MS).unref();
    },
    stop: () => clearTimeout(timer),
  };
}
