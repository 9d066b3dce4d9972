import { createDatabase } from '@cruddur/db';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBothBuses } from '../../apps/server/src/live/both-buses.ts';
import type { EventBus } from '../../apps/server/src/live/event-bus.ts';
import { createPostgresBus } from '../../apps/server/src/live/postgres-bus.ts';
import { createRedisBus } from '../../apps/server/src/live/redis-bus.ts';
import { LATER, listenAt, typing } from '../../apps/server/tests/bus-contract.ts';
import { createEmptyStore } from '../../apps/server/tests/empty-store.ts';
import { createTestDatabase } from '../support/database.ts';
import { startRedis } from './support/redis-server.ts';

const PEOPLE = ['ana', 'ben', 'eve'];
const errors: Error[] = [];
const onError = (error: Error) => void errors.push(error);
const closing: (() => Promise<unknown>)[] = [];
/** An instance of before the deployment, two of it, and one of after it. */
let instances: Record<'before' | 'during' | 'another' | 'after', EventBus>;

beforeAll(async () => {
  const database = await createTestDatabase();
  const redis = await startRedis();
  const { db, close } = createDatabase(database.url);
  closing.push(database.drop, () => redis.stop(), close);
  const { store } = createEmptyStore(async () => ({}));
  const overNotify = () => createPostgresBus({ db, url: database.url, store, onError });
  const overRedis = () => createRedisBus({ url: redis.url, onError });
  const overBoth = () => createBothBuses(overNotify(), overRedis());
  instances = { before: overNotify(), during: overBoth(), another: overBoth(), after: overRedis() };
  for (const bus of Object.values(instances)) {
    closing.push(() => bus.close());
    bus.start();
  }
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

it.each([
  ['before', 'during'],
  ['during', 'before'],
  ['during', 'another'],
  ['during', 'after'],
  ['after', 'during'],
] as const)('an instance %s the deployment is heard by one %s', async (from, to) => {
  const there = listenAt({ bus: instances[to] }, PEOPLE);
  await there.ready;
  // NOTIFY reports no subscription: what is sent before it is lost, as before every gap.
  await expect
    .poll(async () => {
      await instances[from].publish(typing('ben', from));
      return there.groupsOf('ben');
    }, LATER)
    .toContain(from);
  there.stop();
});

it('ends what it began', async () => {
  const there = listenAt({ bus: instances.during }, PEOPLE);
  await there.ready;
  there.stop();
  await instances.during.publish(typing('ana', 'late'));
  expect(there.groupsOf('ana')).toEqual([]);
  expect(errors).toEqual([]);
});
