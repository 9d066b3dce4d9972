import type { Person } from '@cruddur/ddb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BusInstance, LATER, listenAt, testBus, typing } from '../../apps/server/tests/bus-contract.ts';
import { channelOf } from '../../packages/bus/src/redis/partitions.ts';
import { type CuttableProxy, startCuttableProxy } from '../support/cuttable-proxy.ts';
import { NEVER_CHANGED } from '../support/never-changed.ts';
import { createInstance } from './support/redis-carrier.ts';
import { type RedisServer, startRedis } from './support/redis-server.ts';

const messageOf = (userUuid: string) => ({
  uuid: crypto.randomUUID(),
  messageGroupUuid: 'g',
  userUuid,
  handle: userUuid,
  displayName: userUuid,
  message: 'Hello',
  createdAt: '2026-11-20T08:15:30.123456Z',
});

testBus('a bus over one Redis server', async () => {
  const redis = await startRedis();
  const networks: CuttableProxy[] = [];
  return {
    async startInstance() {
      const network = await startCuttableProxy(redis.url);
      networks.push(network);
      return createInstance(network.url, network);
    },
    sendRaw: async (payload, to) => void (await redis.admin.spublish(channelOf(to), payload)),
    async stop() {
      await Promise.all(networks.map((network) => network.cut()));
      await redis.stop();
    },
  };
});

describe('an instance at one Redis server', () => {
  let redis: RedisServer;
  /** Between the other instance and Redis. */
  let network: CuttableProxy;
  let one: BusInstance;
  let other: BusInstance;
  let there: ReturnType<typeof listenAt>;

  beforeAll(async () => {
    redis = await startRedis();
    network = await startCuttableProxy(redis.url);
    [one, other] = [createInstance(redis.url, network), createInstance(network.url, network)];
    for (const { bus } of [one, other]) bus.start();
    there = listenAt(other);
  });
  beforeEach(() => expect.poll(there.leastGaps, LATER).toBeGreaterThan(0));
  afterAll(async () => {
    await Promise.all([one.bus.close(), other.bus.close()]);
    await network.cut();
    await redis.stop();
  });

  const subscribers = async (person: string): Promise<unknown> => {
    const [, count] = (await redis.admin.call('PUBSUB', 'SHARDNUMSUB', channelOf(person))) as unknown[];
    return count;
  };

  it('subscribes to the people with streams on it, and unsubscribes when the last one ends', async () => {
    const [first, second] = [listenAt(other, ['kim']), listenAt(other, ['kim'])];
    await Promise.all([first.ready, second.ready]);
    expect(await subscribers('kim')).toBe(1);
    first.stop();
    expect(await subscribers('kim')).toBe(1);
    second.stop();
    await expect.poll(() => subscribers('kim')).toBe(0);
  });

  it('receives an event of any size', async () => {
    const text = 'x'.repeat(300_000);
    await one.bus.publish(typing('ana', text));
    await expect.poll(() => there.groupsOf('ana')).toEqual([text]);
  });

  it('lets the streams of a person catch up if a message was stored that they have not received', async () => {
    const before = { ana: there.gapsOf('ana'), ben: there.gapsOf('ben') };
    const people = ['ana', 'ben'].map((uuid) => ({ uuid, handle: uuid, displayName: uuid })) as [Person, Person];
    const message = { ...NEVER_CHANGED, ...messageOf('ana'), version: 2 };
    await one.bus.publish({ type: 'message', message, members: people });
    await expect.poll(() => there.heard.filter(({ event }) => event.type === 'message')).toHaveLength(2);
    const announce = (to: string, messageUuid: string, version: number) => {
      const event = { type: 'stored', messageUuid, version, memberUuids: ['ana', 'ben'] };
      return redis.admin.spublish(channelOf(to), JSON.stringify({ from: 'lambda', event }));
    };
    await announce('ana', message.uuid, 2);
    await announce('ana', message.uuid, 1);
    // A later version, of which Ben has not heard.
    await announce('ben', message.uuid, 3);
    await expect.poll(() => there.gapsOf('ben'), LATER).toBe(before.ben + 1);
    expect(there.gapsOf('ana')).toBe(before.ana);
  });

  it('subscribes again after Redis was restarted, and reports a gap', async () => {
    await redis.kill();
    await one.bus.publish(typing('ben', 'lost'));
    const before = there.leastGaps();
    await redis.start();
    await expect.poll(there.leastGaps, LATER).toBeGreaterThan(before);
    await expect.poll(() => subscribers('ben')).toBe(1);
    const isHeard = async () => {
      await one.bus.publish(typing('ben', 'heard'));
      return there.groupsOf('ben').includes('heard');
    };
    await expect.poll(isHeard, LATER).toBe(true);
    expect(there.groupsOf('ben')).not.toContain('lost');
  });

  it('notices that Redis vanished without closing the connection, and reports a gap', async () => {
    network.freeze();
    await network.closed();
    const before = there.leastGaps();
    await network.restore();
    await expect.poll(there.leastGaps, LATER).toBeGreaterThan(before);
  });

  it('that reads slowly is cut off by Redis, delays no one, and reports a gap', async () => {
    await redis.admin.config('SET', 'client-output-buffer-limit', 'pubsub 4mb 4mb 0');
    await expect.poll(() => subscribers('eve'), LATER).toBe(1);
    const before = there.leastGaps();
    network.freeze();
    const text = 'x'.repeat(1_000_000);
    const witness = listenAt(one, ['eve']);
    // The kernel buffers some megabytes, too.
    for (let i = 0; i < 40; i++) await one.bus.publish(typing('eve', `${i}${text}`));
    expect(witness.groupsOf('eve')).toHaveLength(40);
    witness.stop();
    await expect.poll(() => subscribers('eve'), LATER).toBe(0);
    // The end of the connection has not arrived.
    await network.closed();
    await network.restore();
    await expect.poll(there.leastGaps, LATER).toBeGreaterThan(before);
  });
});
