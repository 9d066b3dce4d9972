import { Redis, type RedisOptions } from 'ioredis';
import { withinTime } from '../within-time.ts';
import { parseRedisUrl, type RedisAddress } from './redis-url.ts';

/** How long a node may take to report the cluster's nodes. Another one is asked after it. */
const OWNERS_MS = 300;

const OPTIONS = {
  // Pushes: a connection with subscriptions also runs commands.
  protocol: 3,
  lazyConnect: true,
  enableReadyCheck: false,
  // Users of the deployment may send no `CLIENT`.
  disableClientInfo: true,
  connectTimeout: 3000,
  keepAlive: 10_000,
  // A peer that vanished without closing the connection does not answer.
  socketTimeout: 3000,
  retryStrategy: (attempt) => Math.min(2000, 50 * 2 ** Math.min(attempt, 6)) * (0.5 + Math.random() / 2),
  // A command fails when its connection breaks: its caller decides whether to repeat it.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  // The library does not report when subscriptions are back.
  autoResubscribe: false,
} satisfies RedisOptions;

/** The nodes of a cluster, and which of them owns a slot. */
interface Owners {
  nodes: RedisAddress[];
  ownerOf: (slot: number) => RedisAddress | undefined;
}

export type RedisNodes = ReturnType<typeof createRedisNodes>;

/**
 * Connects to the nodes of a cluster, or to a single server, which owns all slots. Connections are created when they are needed and
 * reconnect.
 *
 * The library's own cluster client resubscribes in the background: neither does it report when the subscriptions of a node are back,
 * nor that one failed.
 *
 * @param url - as `parseRedisUrl` takes it
 * @param onError - a connection broke, or an attempt to connect failed
 * @throws if the URL is invalid
 */
export function createRedisNodes(url: string, onError: (error: Error) => void) {
  const { seeds, options } = parseRedisUrl(url);
  const connections = new Map<string, { address: RedisAddress; redis: Redis }>();
  const watchers: ((redis: Redis) => void)[] = [];
  let owners: Promise<Owners> | undefined;
  let isClosed = false;

  function connectTo(address: RedisAddress): Redis {
    if (isClosed) throw new Error('closed');
    const key = keyOf(address);
    const known = connections.get(key);
    if (known) return known.redis;
    const redis = new Redis({ ...OPTIONS, ...options, ...address });
    redis.on('error', onError);
    redis.on('close', forgetOwners);
    connections.set(key, { address, redis });
    for (const watch of watchers) watch(redis);
    return redis;
  }

  /** The nodes to ask, connected ones first. Not always in one order: a node that is cut off from the cluster answers as well. */
  function candidates(): RedisAddress[] {
    const known = new Map(seeds.map((address) => [keyOf(address), { address, rank: 1 + Math.random() }]));
    for (const [key, { address, redis }] of connections) {
      known.set(key, { address, rank: (redis.status === 'ready' ? 0 : 1) + Math.random() });
    }
    return [...known.values()].sort((a, b) => a.rank - b.rank).map(({ address }) => address);
  }

  async function readOwners(): Promise<Owners> {
    let failure: unknown;
    for (const node of candidates()) {
      try {
        const slots = await withinTime(connectTo(node).cluster('SLOTS'), OWNERS_MS);
        return toOwners(slots, node);
      } catch (error) {
        const [first] = seeds;
        if (isWithoutCluster(error)) return { nodes: [first], ownerOf: () => first };
        failure = error;
      }
    }
    throw failure;
  }

  /** Ends the connections to nodes that left the cluster. */
  function keepOnly(nodes: RedisAddress[]): void {
    const keys = new Set(nodes.map(keyOf));
    for (const [key, { redis }] of connections) {
      if (keys.has(key)) continue;
      connections.delete(key);
      disconnect(redis);
    }
  }

  async function refreshOwners(): Promise<Owners> {
    try {
      const found = await readOwners();
      keepOnly(found.nodes);
      return found;
    } catch (error) {
      forgetOwners();
      throw error;
    }
  }

  function forgetOwners(): void {
    owners = undefined;
  }

  return {
    /**
     * Finds the connection to the node that owns a slot.
     *
     * @throws if no node answers, or none owns the slot
     */
    async ownerOf(slot: number): Promise<Redis> {
      owners ??= refreshOwners();
      const { ownerOf } = await owners;
      const address = ownerOf(slot);
      if (address) return connectTo(address);
      forgetOwners();
      throw new Error('no node of the cluster owns the slot');
    },
    /** The next call of `ownerOf` asks the cluster: a node refused a command, or did not answer. */
    forgetOwners,
    /** Calls a function with each new connection. */
    watch(watcher: (redis: Redis) => void): void {
      watchers.push(watcher);
    },
    close(): void {
      isClosed = true;
      keepOnly([]);
    },
  };
}

/** Ends a connection. While it waits for its next attempt, `disconnect` alone would leave the commands that wait for it pending forever. */
function disconnect(redis: Redis): void {
  if (redis.status === 'reconnecting') redis.connect().catch(() => undefined);
  redis.disconnect();
}

type SlotRanges = Awaited<ReturnType<Redis['cluster']>>;

/** The first node of a range owns it. Its host is empty if it does not know its own address. */
function toOwners(ranges: SlotRanges, asked: RedisAddress): Owners {
  const found = ranges.map(([from, to, owner]) => ({
    from,
    to,
    node: { host: owner?.[0] || asked.host, port: owner?.[1] ?? asked.port },
  }));
  return {
    nodes: found.map(({ node }) => node),
    ownerOf: (slot) => found.find(({ from, to }) => from <= slot && slot <= to)?.node,
  };
}

const keyOf = ({ host, port }: RedisAddress) => `${host}:${port}`;

const isWithoutCluster = (error: unknown) =>
  error instanceof Error && error.message.includes('cluster support disabled');
