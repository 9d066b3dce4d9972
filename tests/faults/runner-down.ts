import { verifyTable } from '@cruddur/ddb';
import { expect } from 'vitest';
import { expectOnce } from '../support/acknowledged.ts';
import { eventually, sendTo } from './support/calls.ts';
import type { Caller, System } from './support/system.ts';

const MESSAGES_EACH = 12;

/** While the stream runner is down, threads work and lists do not change. The lists catch up when it is back. */
export async function runnerDown(system: System): Promise<void> {
  const [hal, ...others] = (await system.signInKnown('hal', 'ivy', 'jon', 'kim')) as [Caller, Caller, Caller, Caller];
  const handles = ['ivy', 'jon', 'kim'];
  const sent = await Promise.all(handles.map((handle) => sendTo(hal.apis, { handle }, `Hello ${handle}`)));
  const groupsOf = async (caller: Caller) => (await caller.apis[1].messageGroups.list.query()).items;
  await system.runner.stop();

  await Promise.all(
    handles.map(async (handle) => {
      for (let i = 1; i < MESSAGES_EACH; i++) sent.push(await sendTo(hal.apis, { handle }, `Line ${i} to ${handle}`));
    }),
  );
  for (const [i, other] of others.entries()) {
    const [group] = await groupsOf(other);
    expect(group?.message).toBe(`Hello ${handles[i]}`);
    const { items } = await other.apis[0].messages.list.query({ messageGroupUuid: group?.uuid ?? '' });
    expect(items.map(({ message }) => message)).toEqual(textsTo(handles[i]));
  }
  expect((await verifyTable(system.table)).breaches.map(({ kind }) => kind)).toContain('row_stale');

  system.runner.start();
  await eventually(async () => expect((await verifyTable(system.table)).breaches).toEqual([]));
  for (const [i, other] of others.entries()) {
    expect(await groupsOf(other)).toMatchObject([
      { handle: 'hal', message: textsTo(handles[i]).at(-1), unreadCount: MESSAGES_EACH },
    ]);
  }
  // Newest first, one row per group, and the sender's own messages do not count as unread.
  const newestFirst = sent
    .filter(({ text }) => text.startsWith(`Line ${MESSAGES_EACH - 1} `))
    .sort((a, b) => (a.message.createdAt < b.message.createdAt ? 1 : -1));
  const own = await groupsOf(hal);
  expect(own.map(({ message, unreadCount }) => ({ message, unreadCount }))).toEqual(
    newestFirst.map(({ text }) => ({ message: text, unreadCount: 0 })),
  );
  await expectOnce(system.table, sent);
}

function textsTo(handle: string | undefined): string[] {
  const lines = Array.from({ length: MESSAGES_EACH - 1 }, (_, i) => `Line ${i + 1} to ${handle}`);
  return [`Hello ${handle}`, ...lines];
}
