import { afterAll, expect, it } from 'vitest';
import { listenAt } from '../../apps/server/tests/bus-contract.ts';
import { gapChannelOf } from '../../packages/bus/src/redis/partitions.ts';
import { startCuttableProxy } from '../support/cuttable-proxy.ts';
import { createInstance } from './support/redis-carrier.ts';
import { startRedis } from './support/redis-server.ts';

const redis = await startRedis();
const network = await startCuttableProxy(redis.url);
const [one, dying] = [createInstance(redis.url, network), createInstance(network.url, network)];
const witness = redis.admin.duplicate();
afterAll(async () => {
  witness.disconnect();
  await Promise.all([one.bus.close(), dying.bus.close()]);
  await network.cut();
  await redis.stop();
});

// What no Lambda announces: a reaction, and everything while it does not reach Redis.
it('an instance that falls silent is a gap for the others within a minute, since it was last heard', async () => {
  const greetings = new Set<string>();
  witness.on('smessage', (_channel, payload: string) => {
    const { from, event } = JSON.parse(payload) as { from: string; event: { type: string } };
    if (event.type === 'hello') greetings.add(from);
  });
  await witness.ssubscribe(gapChannelOf(0));
  const { gapStarts, leastGaps } = listenAt(one);
  for (const { bus } of [one, dying]) bus.start();
  await expect.poll(() => greetings.size).toBe(2);
  await expect.poll(leastGaps).toBeGreaterThan(0);
  gapStarts.length = 0;
  const lastHeardBy = Date.now();
  await network.cut();
  await expect.poll(() => gapStarts, { timeout: 60_000, interval: 100 }).toHaveLength(1);
  expect(gapStarts[0]).toBeLessThanOrEqual(lastHeardBy);
});
