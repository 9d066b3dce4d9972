import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BusInstance, LATER, listenAt, testBus, typing } from '../../apps/server/tests/bus-contract.ts';
import { channelOf, partitionOf, slotOf } from '../../packages/bus/src/redis/partitions.ts';
import { type CuttableProxy, startCuttableProxy } from '../support/cuttable-proxy.ts';
import { createInstance } from './support/redis-carrier.ts';
import { startRedisCluster, waitForCluster } from './support/redis-server.ts';

/** A cluster of three nodes, each announced at the address of a proxy. */
async function startCluster() {
  const networks: CuttableProxy[] = [];
  const cluster = await startRedisCluster(3, async (url) => {
    const network = await startCuttableProxy(url);
    networks.push(network);
    return Number(new URL(network.url).port);
  });
  const ofAll = (act: (network: CuttableProxy) => void | Promise<void>) => async () => {
    for (const each of networks) await act(each);
  };
  const network = {
    reset: ofAll((each) => each.reset()),
    freeze: ofAll((each) => each.freeze()),
    restore: ofAll((each) => each.restore()),
  };
  /** The node that owns a person's channel. The three own equal ranges, until a test moves slots. */
  const nodeOf = (person: string) => {
    const node = cluster.nodes[Math.floor((slotOf(partitionOf(person)) * 3) / 16_384)];
    if (!node) throw new Error('no node owns the slot');
    return node;
  };
  return {
    ...cluster,
    nodeOf,
    startInstance: () => createInstance(networks.map(({ url }) => url).join(','), network),
    async stop() {
      await Promise.all(networks.map((each) => each.cut()));
      await cluster.stop();
    },
  };
}

testBus('a bus over a Redis cluster', async () => {
  const cluster = await startCluster();
  return {
    startInstance: async () => cluster.startInstance(),
    sendRaw: async (payload, to) => void (await cluster.nodeOf(to).admin.spublish(channelOf(to), payload)),
    stop: () => cluster.stop(),
  };
});

describe('instances at a Redis cluster', () => {
  let cluster: Awaited<ReturnType<typeof startCluster>>;
  let one: BusInstance;
  let other: BusInstance;
  /** A person on each node. */
  let people: string[];
  let there: ReturnType<typeof listenAt>;

  beforeAll(async () => {
    cluster = await startCluster();
    [one, other] = [cluster.startInstance(), cluster.startInstance()];
    for (const { bus } of [one, other]) bus.start();
    const names = Array.from({ length: 100 }, (_, i) => `person ${i}`);
    people = cluster.nodes.map((node) => names.find((name) => cluster.nodeOf(name).port === node.port) ?? '');
    there = listenAt(other, people);
    await there.ready;
  });
  afterAll(async () => {
    await Promise.all([one.bus.close(), other.bus.close()]);
    await cluster.stop();
  });

  it('use the nodes of their people, and lose only the events of people on a node that is down', async () => {
    await expect.poll(there.leastGaps, LATER).toBeGreaterThan(0);
    const [first = '', ...rest] = people;
    const before = people.map(there.gapsOf);
    await cluster.nodeOf(first).kill();
    await Promise.all(people.map((person) => one.bus.publish(typing(person, 'one node is down'))));
    for (const person of rest) {
      await expect.poll(() => there.groupsOf(person), LATER).toEqual(['one node is down']);
    }
    await cluster.nodeOf(first).start();
    await waitForCluster(cluster.nodes);
    await expect.poll(() => there.gapsOf(first), LATER).toBeGreaterThan(before[0] ?? 0);
    expect(rest.map(there.gapsOf)).toEqual(before.slice(1));
    const isHeard = async () => {
      await one.bus.publish(typing(first, 'it is back'));
      return there.groupsOf(first).includes('it is back');
    };
    await expect.poll(isHeard, LATER).toBe(true);
    expect(there.groupsOf(first)).not.toContain('one node is down');
  });

  it('follow a slot to another node while both are up, and report a gap', async () => {
    const [, moved = ''] = people;
    const from = cluster.nodeOf(moved);
    const to = cluster.nodes.find((node) => node !== from) ?? from;
    const before = there.gapsOf(moved);
    const id = await to.admin.cluster('MYID');
    const slot = `${slotOf(partitionOf(moved))}`;
    for (const { admin } of [to, from, ...cluster.nodes]) await admin.call('CLUSTER', 'SETSLOT', slot, 'NODE', `${id}`);
    await expect.poll(() => there.gapsOf(moved), LATER).toBeGreaterThan(before);
    const sent = await one.bus.publish(typing(moved, 'at its new node'));
    expect(sent).toBeUndefined();
    await expect.poll(() => there.groupsOf(moved), LATER).toContain('at its new node');
  });
});
