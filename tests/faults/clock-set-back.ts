import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { verifyTable } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { expect } from 'vitest';
import { openStream } from '../../apps/server/tests/open-stream.ts';
import { type Acknowledged, expectOnce, retryUntilAnswered } from '../support/acknowledged.ts';
import { startCuttableProxy } from '../support/cuttable-proxy.ts';
import { draftTo, eventually, expectReceived, outcomeOf, sendTo } from './support/calls.ts';
import { type Api, apiAt, type System } from './support/system.ts';

const CLOCK = path.join(ROOT_DIR, 'tests/faults/support/set-clock.mjs');
/** How far before its position a reconnecting stream reads: `OVERLAP` in live/stream-position.ts. */
const OVERLAP_MS = 30_000;

/**
 * An instance's clock is ten minutes ahead and is corrected while people use it: messages stay in order, ids and read
 * markers are judged correctly, and no page misses a message.
 */
export async function clockSetBack(system: System): Promise<void> {
  const server = await system.startServer({ NODE_OPTIONS: `--import ${CLOCK}` });
  const [pia, quin] = [await system.signIn('pia'), await system.signIn('quin')];
  const [api, reader] = [apiAt(server.url, pia.accessToken), apiAt(server.url, quin.accessToken)];
  for (const each of [api, reader]) await retryUntilAnswered(() => each.users.me.query());
  const network = await startCuttableProxy(server.url);
  const aheadBy = async () => Date.parse((await api.users.me.query()).serverTime) - Date.now();
  expect(await aheadBy()).toBeGreaterThan(9 * 60_000);
  // Opened while the clock is fast, before anything is written.
  const absent = await openStream(new URL(network.url).origin, quin.accessToken);
  const present = await openStream(server.url, quin.accessToken);
  const sent: Acknowledged[] = [];
  const say = async (text: string) => {
    sent.push(await sendTo([api], { handle: 'quin' }, text));
    return sent.at(-1)?.message ?? expect.fail('not sent');
  };
  const changeClock = () => process.kill(server.process.pid() ?? 0, 'SIGUSR2');
  await network.cut();
  changeClock();
  await eventually(async () => expect(Math.abs(await aheadBy())).toBeLessThan(60_000));
  const { messageGroupUuid, createdAt: firstAt } = await say('One');

  const second = await say('Two');
  const mark = (createdAt: string) => reader.messageGroups.markRead.mutate({ messageGroupUuid, createdAt });
  expect(await mark(second.createdAt)).toMatchObject({ readAt: second.createdAt });
  expect(await mark(firstAt)).toMatchObject({ readAt: second.createdAt });
  for (let i = 3; i <= 30; i++) await say(`Line ${i}`);
  const thread = await reader.messages.list.query({ messageGroupUuid, limit: 100 });
  expect(thread.items).toEqual(sent.map(({ message }) => message));

  await expectIdsJudged(api, messageGroupUuid, sent);
  // A sign-in after the correction: Cognito's clock dates the token.
  const rae = await system.signIn('rae');
  expect(await apiAt(server.url, rae.accessToken).users.me.query()).toMatchObject({ handle: 'rae' });
  await eventually(async () => expect((await verifyTable(system.table)).breaches).toEqual([]));
  const [group] = (await reader.messageGroups.list.query()).items;
  expect(group).toMatchObject({ message: sent.at(-1)?.text, unreadCount: sent.length - 2 });
  await mark(sent.at(-1)?.message.createdAt ?? '');
  expect((await reader.messageGroups.list.query()).items[0]).toMatchObject({ unreadCount: 0 });

  await expectReceived(present, sent);
  // By the server's clock, the absent stream is disconnected for longer than the overlap.
  const before = await aheadBy();
  changeClock();
  await eventually(async () => expect((await aheadBy()) - before).toBeGreaterThan(OVERLAP_MS));
  await network.restore();
  await expectReceived(absent, sent);
  await expectOnce(system.table, sent);
  // Another instance's clock cannot decide what came after this position, so the page has to reload everything.
  const lastEventId = absent.lastId();
  const moved = await openStream(system.servers[1].url, quin.accessToken, { lastEventId });
  expect(moved.events.at(-1)).toEqual({ type: 'caught_up', isComplete: false });
  moved.close();
  for (const stream of [absent, present]) stream.close();
  await network.cut();
}

/** Ids from the correct and from the fast clock, with and without a time in them, each work for exactly one message. */
async function expectIdsJudged(api: Api, messageGroupUuid: string, sent: Acknowledged[]): Promise<void> {
  const minute = 60_000;
  const made = [0, -4, -9, 1].map((minutes) => v7({ msecs: Date.now() + minutes * minute }));
  for (const uuid of [...made, crypto.randomUUID()]) {
    const text = `Under ${uuid}`;
    const create = (message: string) =>
      api.messages.create.mutate({ message, clientMessageUuid: uuid, messageGroupUuid });
    const message = await create(text);
    expect(await create(text)).toEqual(message);
    expect(await outcomeOf(() => create('Something else'))).toEqual({ refused: 'client_message_uuid_reused' });
    sent.push({ uuid, text, message });
  }
  const future = draftTo({ messageGroupUuid }, 'From the future');
  const uuid = v7({ msecs: Date.now() + 30 * minute });
  const create = () => api.messages.create.mutate({ message: future.text, clientMessageUuid: uuid, messageGroupUuid });
  expect(await outcomeOf(create)).toEqual({ refused: 'client_message_uuid_from_future' });
}
