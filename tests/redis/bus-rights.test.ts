import { randomUUID } from 'node:crypto';
import { createRedisNodes, createRedisPublisher } from '@cruddur/bus/redis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LATER, listenAt, typing } from '../../apps/server/tests/bus-contract.ts';
import { BUS_RIGHTS } from '../../infra/src/bus/bus-rights.ts';
import { createInstance } from './support/redis-carrier.ts';
import { startRedisCluster } from './support/redis-server.ts';

const PASSWORD = 'a-password';
const NO_NETWORK = { reset: () => undefined, freeze: () => undefined, restore: () => undefined };
const closing: (() => Promise<unknown>)[] = [];
let cluster: Awaited<ReturnType<typeof startRedisCluster>>;

beforeAll(async () => {
  cluster = await startRedisCluster(3, async (url) => Number(new URL(url).port));
  closing.push(cluster.stop);
  for (const { admin } of cluster.nodes) {
    for (const [name, rights] of Object.entries(BUS_RIGHTS)) {
      if (name === 'default') continue;
      await admin.call('ACL', 'SETUSER', name, 'reset', `>${PASSWORD}`, ...rights.split(' '));
    }
    // The connection of the test stays signed in.
    await admin.call('ACL', 'SETUSER', 'default', ...BUS_RIGHTS.default.split(' '), '+acl');
    await admin.call('ACL', 'LOG', 'RESET');
  }
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

const urlOf = (user: string) => cluster.nodes.map(({ url }) => url.replace('//', `//${user}:${PASSWORD}@`)).join(',');
const refusals = async () => (await Promise.all(cluster.nodes.map(({ admin }) => admin.call('ACL', 'LOG')))).flat();

it("are enough for the API's tasks to hear each other, and for what the stream's Lambda announces", async () => {
  const [one, other] = [createInstance(urlOf('api'), NO_NETWORK), createInstance(urlOf('api'), NO_NETWORK)];
  closing.push(one.bus.close, other.bus.close);
  for (const { bus } of [one, other]) bus.start();
  const there = listenAt(other);
  await expect.poll(there.leastGaps, LATER).toBeGreaterThan(0);
  for (const person of ['ana', 'ben', 'eve']) {
    await one.bus.publish(typing(person, person));
    await expect.poll(() => there.groupsOf(person), LATER).toEqual([person]);
  }
  there.stop();
  const errors: Error[] = [];
  const onError = (error: Error) => errors.push(error);
  const nodes = createRedisNodes(urlOf('stream'), onError);
  const publisher = createRedisPublisher({ nodes, from: randomUUID(), onError });
  const memberUuids = ['ana', 'ben'];
  expect(await publisher.publish({ type: 'stored', messageUuid: 'm', version: 0, memberUuids })).toBe(true);
  await publisher.close();
  nodes.close();
  expect([...one.errors, ...other.errors, ...errors]).toEqual([]);
  expect(await refusals()).toEqual([]);
});

it.each([
  ['stream', ['SSUBSCRIBE', 'cruddur:{1}']],
  ['stream', ['GET', 'cruddur:{1}']],
  ['api', ['SPUBLISH', 'other', 'x']],
  ['api', ['SET', 'cruddur:{1}', 'x']],
  ['api', ['PSUBSCRIBE', '*']],
  ['api', ['CONFIG', 'GET', '*']],
])('are not enough for %s to %j', async (user, [command = '', ...args]) => {
  const { url } = cluster.nodes[0] ?? expect.fail();
  const nodes = createRedisNodes(url.replace('//', `//${user}:${PASSWORD}@`), () => undefined);
  const redis = await nodes.ownerOf(0);
  await expect(redis.call(command, ...args)).rejects.toThrow(/NOPERM/);
  nodes.close();
});

it('are none without a user', async () => {
  const { url } = cluster.nodes[0] ?? expect.fail();
  const nodes = createRedisNodes(url, () => undefined);
  await expect(nodes.ownerOf(0)).rejects.toThrow(/NOAUTH|authentication/i);
  nodes.close();
});
