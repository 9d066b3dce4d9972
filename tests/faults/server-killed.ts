import { verifyTable } from '@cruddur/ddb';
import { expect } from 'vitest';
import { openStream } from '../../apps/server/tests/open-stream.ts';
import { type Acknowledged, expectOnce } from '../support/acknowledged.ts';
import { startCuttableProxy } from '../support/cuttable-proxy.ts';
import { acknowledge, draftTo, eventually, expectReceived, sendTo } from './support/calls.ts';
import { apiAt, type Caller, type System } from './support/system.ts';

const MESSAGES_EACH = 30;

/** An instance dies under load. Its clients continue with the other instance, and nothing is lost or duplicated. */
export async function serverKilled(system: System): Promise<void> {
  const handles = ['lea', 'max', 'nia', 'oz'];
  const callers = (await system.signInKnown(...handles)) as [Caller, Caller, Caller, Caller];
  const [dying, living] = system.servers;
  const balancer = await startCuttableProxy(dying.url);
  const url = new URL(balancer.url).origin;
  const streams = await Promise.all(callers.map(({ accessToken }) => openStream(url, accessToken)));
  const sent: Acknowledged[] = [];

  const sendAll = async (from: Caller, handle: string) => {
    const apis = [apiAt(url, from.accessToken), from.apis[1]];
    for (let i = 0; i < MESSAGES_EACH; i++) {
      sent.push(await acknowledge(draftTo({ handle }, `Line ${i} to ${handle}`), apis));
      // Half of the messages are still to be sent, and each sender has one in flight.
      if (sent.length === (MESSAGES_EACH * callers.length) / 2) kill();
    }
  };
  const kill = () => {
    process.kill(dying.process.pid() ?? 0, 'SIGKILL');
    balancer.pointTo(living.url);
  };
  await Promise.all(callers.map((caller, i) => sendAll(caller, handles[(i + 1) % handles.length] ?? '')));

  // A client that missed the acknowledgement of a message sends it again, to the other instance.
  const last = sent.slice(-20);
  const again = await Promise.all(
    last.map(async ({ uuid, text, message: { messageGroupUuid } }) => {
      const author = callers.find((_, i) => text.endsWith(` to ${handles[(i + 1) % handles.length]}`));
      return author?.apis[1].messages.create.mutate({ message: text, clientMessageUuid: uuid, messageGroupUuid });
    }),
  );
  expect(again).toEqual(last.map(({ message }) => message));
  sent.push(await sendTo([callers[0].apis[1]], { handle: 'max' }, 'Goodbye'));

  await expectOnce(system.table, sent);
  for (const [i, stream] of streams.entries()) {
    const caller = callers[i] as Caller;
    const groups = (await caller.apis[1].messageGroups.list.query()).items.map(({ uuid }) => uuid);
    expect(groups).toHaveLength(2);
    await expectReceived(
      stream,
      sent.filter(({ message }) => groups.includes(message.messageGroupUuid)),
    );
    stream.close();
  }
  await eventually(async () => expect((await verifyTable(system.table)).breaches).toEqual([]));
  await balancer.cut();
}
