import { v7 } from 'uuid';
import { afterAll, expect, it } from 'vitest';
import { channelOf, partitionOf, slotOf } from '../../packages/bus/src/redis/partitions.ts';
import { apiOf, createAccount, type TestAccount } from '../e2e/support/accounts.ts';
import { launchBrowser } from '../e2e/support/browser.ts';
import { createPair, message, openGroup, sendMessage, type TestUser, visitAs, write } from '../e2e/support/people.ts';
import { startSecondInstance } from '../e2e/support/second-instance.ts';
import { useStack } from '../e2e/support/shared-stack.ts';
import { startProductionStack } from '../e2e/support/stack.ts';
import { bubbleStates, expectLastBubbles } from '../e2e/support/thread.ts';
import { startRedisCluster, waitForCluster } from './support/redis-server.ts';

// The product with a cluster of three nodes. Ivy's page uses another instance than Jon's and Kim's.

const cluster = await startRedisCluster(3, async (url) => Number(new URL(url).port));
afterAll(() => cluster.stop());
const redisUrl = (signIn = '') => cluster.nodes.map(({ port }) => `redis://${signIn}127.0.0.1:${port}`).join(',');
const stack = await startProductionStack({ REDIS_URL: redisUrl() });
afterAll(() => stack.stop());
useStack(stack);
const browser = await launchBrowser();
afterAll(() => browser.close());
const second = await startSecondInstance();

const [ivy, jon] = await createPair(browser, ['Ivy Marsh', 'Jon Weir']);
await serveIvyBy(second);
const nodeOfJon = await nodeOf(jon);

/** The node with the channel of a person. The three own equal ranges. */
async function nodeOf(account: TestAccount) {
  const { uuid } = await (await apiOf(account)).users.me.query();
  const node = cluster.nodes[Math.floor((slotOf(partitionOf(uuid)) * 3) / 16_384)];
  if (!node) throw new Error(`no node has ${channelOf(uuid)}`);
  return node;
}

async function serveIvyBy(instance: Awaited<ReturnType<typeof startSecondInstance>>): Promise<void> {
  await ivy.context.unrouteAll();
  await instance.serve(ivy.context);
  await ivy.page.reload();
  await message(ivy, 'Hello!').waitFor();
}

/** Opens the page of another person, to whom Ivy has written, and whose channel is on another node than Jon's. */
async function openKim(): Promise<TestUser> {
  for (;;) {
    const account = await createAccount('Kim Quay');
    if ((await nodeOf(account)) === nodeOfJon) continue;
    const group = await sendMessage(ivy, account.handle);
    const kim = await visitAs(browser, account);
    await kim.page.goto(`/messages/${group}`);
    await message(kim, 'Hello!').waitFor();
    return kim;
  }
}

/** Writes until the other's page shows a message: from then on nothing is missed. */
async function untilConnected(from: TestUser, to: TestUser): Promise<void> {
  const text = `Are you there? ${v7()}`;
  await write(from, text);
  await message(to, text).waitFor();
}

/** All bubbles on a page, which are few enough to be drawn. */
const expectOnBoth = async (texts: string[]) => {
  for (const { page } of [ivy, jon]) {
    await expectLastBubbles(
      page,
      texts.map((text) => `message: ${text}`),
    );
    const states = await bubbleStates(page);
    expect(new Set(states).size).toBe(states.length);
  }
};

it('messages that are sent while Redis is restarted, and afterwards, are on both pages, once', async () => {
  await untilConnected(ivy, jon);
  await untilConnected(jon, ivy);
  await Promise.all(cluster.nodes.map((node) => node.kill()));
  await write(ivy, 'Ivy, without Redis');
  await message(ivy, 'Ivy, without Redis').waitFor();
  await expectLastBubbles(ivy.page, ['message: Ivy, without Redis']);
  await write(jon, 'Jon, without Redis');
  await expectLastBubbles(jon.page, ['message: Jon, without Redis']);
  await Promise.all(cluster.nodes.map((node) => node.start()));
  await waitForCluster(cluster.nodes);
  await expectOnBoth(['Ivy, without Redis', 'Jon, without Redis']);
  await write(ivy, 'Ivy, after it');
  await message(jon, 'Ivy, after it').waitFor();
  await write(jon, 'Jon, after it');
  await expectOnBoth(['Ivy, without Redis', 'Jon, without Redis', 'Ivy, after it', 'Jon, after it']);
});

it('while a node is down, people on the others receive messages at once, and those on it once it is back', async () => {
  const kim = await openKim();
  const api = await apiOf(ivy, second.network.url);
  const send = (messageGroupUuid: string, text: string) =>
    api.messages.create.mutate({ message: text, clientMessageUuid: v7(), messageGroupUuid });
  await nodeOfJon.kill();
  await send(openGroup(jon), 'To the lost node');
  await send(openGroup(kim), 'To another node');
  await message(kim, 'To another node').waitFor();
  // Newer than what is missed.
  await write(jon, 'From the lost node');
  await expectLastBubbles(jon.page, ['message: From the lost node']);
  await nodeOfJon.start();
  await waitForCluster(cluster.nodes);
  await expectOnBoth(['To the lost node', 'From the lost node']);
  await write(ivy, 'On the node again');
  await expectOnBoth(['To the lost node', 'From the lost node', 'On the node again']);
  await expectLastBubbles(kim.page, ['message: Hello!', 'message: To another node']);
  await kim.context.close();
});

it('a message that an instance stored but did not live to publish is announced by the stream’s Lambda', async () => {
  // It may use people's channels, and no channel of a partition: no one hears its heartbeat, or misses it.
  for (const { admin } of cluster.nodes) {
    await admin.call('ACL', 'SETUSER', 'dying', 'on', '>secret', '+@all', '~*', 'resetchannels', '&cruddur:{*}:*');
  }
  const dying = await startSecondInstance({ REDIS_URL: redisUrl('dying:secret@') });
  await serveIvyBy(dying);
  await untilConnected(ivy, jon);
  for (const { admin } of cluster.nodes) {
    await admin.call('ACL', 'SETUSER', 'dying', 'off');
    await admin.call('CLIENT', 'KILL', 'USER', 'dying');
  }
  await write(ivy, 'My last words');
  await expectLastBubbles(ivy.page, ['message: My last words']);
  await Promise.all([dying.server.kill(), ivy.context.close()]);
  await message(jon, 'My last words').waitFor();
});
