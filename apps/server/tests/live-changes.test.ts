import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { keys, type Message } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startCuttableProxy } from '../../../tests/support/cuttable-proxy.ts';
import { itemsOf, originGroup, putItems } from '../../../tests/support/messages.ts';
import { hearEvents } from './hear-events.ts';
import { moveRows } from './move-rows.ts';
import { openStream, type TestStream } from './open-stream.ts';
import { startServerProcess } from './server-process.ts';
import { clientOf, type Instance, startTestServer, type TestServer } from './test-server.ts';

type Person = Awaited<ReturnType<TestServer['signIn']>>;
type Api = Person['api'];

let server: TestServer;
let other: Instance;
let ana: Person;
let ben: Person;
let group: string;
const streams: TestStream[] = [];

beforeAll(async () => {
  server = await startTestServer({ rateLimitFactor: 10 });
  other = await server.startInstance();
  [ana, ben] = [await server.signIn('ana', 'Ana Lantern'), await server.signIn('ben', 'Ben Harbour')];
  for (const each of [ana, ben]) await each.api.users.me.query();
  const first = await ana.api.messages.create.mutate({ message: 'Hello', clientMessageUuid: v7(), handle: 'ben' });
  group = first.messageGroupUuid;
});

afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});
afterAll(() => server.stop());

async function open(person: Person, url: string, lastEventId?: string): Promise<TestStream> {
  const stream = await openStream(url, person.accessToken, { lastEventId });
  streams.push(stream);
  return stream;
}

/** Both people's streams, on both instances. */
const openAll = () =>
  Promise.all([ana, ben].flatMap((person) => [server.url, other.url].map((url) => open(person, url))));
const send = (message: string, replyTo?: { messageUuid: string; createdAt: string }) =>
  ana.api.messages.create.mutate({ message, clientMessageUuid: v7(), messageGroupUuid: group, replyTo });
const addressOf = ({ messageGroupUuid, uuid: messageUuid, createdAt }: Message) => ({
  messageGroupUuid,
  messageUuid,
  createdAt,
});

/** The changes of a stream to one message. */
const changesOf = ({ events }: TestStream, { uuid }: Message) =>
  events.flatMap((event) => (event.type === 'changed' && event.message.uuid === uuid ? [event.message] : []));

/** The four changes, each of a message of Ana's. */
const CHANGES: [string, (api: Api, to: Message, id: string) => Promise<Message>][] = [
  [
    'a reply',
    (api, { uuid: messageUuid, createdAt }, clientMessageUuid) =>
      api.messages.create.mutate({
        message: 'In reply',
        clientMessageUuid,
        messageGroupUuid: group,
        replyTo: { messageUuid, createdAt },
      }),
  ],
  ['a reaction', (api, to) => api.messages.react.mutate({ ...addressOf(to), emoji: '🏮', isOn: true })],
  ['an edit', (api, of) => api.messages.edit.mutate({ ...addressOf(of), message: 'Edited', revision: 0 })],
  ['a deletion', (api, message) => api.messages.delete.mutate(addressOf(message))],
];

/** Whether a stream received a message as it is. */
const received = ({ events }: TestStream, message: Message) =>
  events.some(
    (event) =>
      (event.type === 'changed' || event.type === 'message') &&
      JSON.stringify(event.message) === JSON.stringify(message),
  );

describe('every stream of both people, on every instance, receives', () => {
  it.each(CHANGES)('%s, and its repetition', async (_, change) => {
    const [message, id] = [await send('On every screen'), v7()];
    const all = await openAll();
    const changed = await change(ana.api, message, id);
    for (const stream of all) await expect.poll(() => received(stream, changed)).toBe(true);
    const count = () => all.map(({ events }) => events.filter((event) => event.type !== 'caught_up').length);
    const before = count();
    expect(await change(clientOf(other.url, ana.accessToken), message, id)).toEqual(changed);
    await expect.poll(count).toEqual(before.map((each) => each + 1));
  });

  it('nothing where a change was refused', async () => {
    const message = await send('Mine');
    const all = await openAll();
    await expect(ben.api.messages.delete.mutate(addressOf(message))).rejects.toThrow();
    const reacted = await ben.api.messages.react.mutate({ ...addressOf(message), emoji: '👍', isOn: true });
    for (const stream of all) await expect.poll(() => changesOf(stream, message)).toEqual([reacted]);
  });

  it('a change that is too large for a notification', async () => {
    const longest = `!${'\u0001'.repeat(1023)}`;
    const quoted = await send(longest);
    const message = await send('Short', { messageUuid: quoted.uuid, createdAt: quoted.createdAt });
    const all = await openAll();
    const edited = await ana.api.messages.edit.mutate({
      ...addressOf(message),
      message: longest,
      revision: 0,
    });
    expect(edited.replyTo?.excerpt).toBe(`${longest.slice(0, 140)}…`);
    const emoji = ['👩🏽‍🚀', '👨‍👩‍👧‍👦', '🏳️‍🌈', '🧑🏿‍🤝‍🧑🏻', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'];
    let reacted = edited;
    for (const { api } of [ana, ben]) {
      for (const each of emoji)
        reacted = await api.messages.react.mutate({ ...addressOf(message), emoji: each, isOn: true });
    }
    expect(Buffer.byteLength(JSON.stringify(reacted))).toBeGreaterThan(8000);
    for (const stream of all) await expect.poll(() => received(stream, reacted)).toBe(true);
    // The streams may have read it from the table.
    const [one, two] = [await ana.api.users.me.query(), await ben.api.users.me.query()];
    const memberUuids = [one.uuid, two.uuid] as const;
    const publish = () => server.services.bus.publish({ type: 'changed', message: reacted, memberUuids });
    // Not an earlier change, which may arrive late.
    const events = hearEvents(other, (event) => event.type === 'changed' && isDeepStrictEqual(event.message, reacted));
    await publish();
    await events.untilHeard(publish);
    events.stop();
  });

  it("a change of the origin's that is too large, whatever the form of its time", async () => {
    const cai = await server.signIn('cai', 'Cai').then(({ api }) => api.users.me.query());
    const me = await ana.api.users.me.query();
    const uuid = randomUUID();
    const { messages, rows } = originGroup({ uuid, members: [me, cai], times: ['2023-01-01T09:00:00.5-05:00'] });
    // The origin did not limit names.
    const long = messages.map((item) => ({ ...item, message: '\u0001'.repeat(1024), user_handle: 'h'.repeat(2000) }));
    await putItems(server.services.store, [...long, ...rows]);
    const stream = await open(ana, other.url);
    const { items } = await ana.api.messages.list.query({ messageGroupUuid: uuid });
    const reacted = await ana.api.messages.react.mutate({ ...addressOf(items[0] as Message), emoji: '🏮', isOn: true });
    await expect.poll(() => changesOf(stream, reacted)).toEqual([reacted]);
  });
});

describe('the position of a stream', () => {
  it('does not move with a change, and a catch-up repeats messages as they are now', async () => {
    const [old, recent] = [await send('Old'), await send('Recent')];
    const stream = await open(ben, server.url);
    const last = await send('Last');
    await expect.poll(() => received(stream, last)).toBe(true);
    const position = stream.lastId();
    const edited = await ana.api.messages.edit.mutate({ ...addressOf(recent), message: 'Edited', revision: 0 });
    await expect.poll(() => changesOf(stream, recent)).toEqual([edited]);
    expect(stream.lastId()).toBe(position);
    stream.close();
    const tombstone = await ana.api.messages.delete.mutate(addressOf(old));
    await moveRows(server.services.store, group);
    const again = await open(ben, other.url, position);
    const seen = again.events.flatMap((event) => (event.type === 'message' ? [event.message] : []));
    expect(seen).toEqual(expect.arrayContaining([tombstone, edited, last]));
  });
});

describe('an instance that dies between the write and the notification', () => {
  it('is covered by the retries of its clients at another one: every change reaches the other person', async () => {
    const postgres = await startCuttableProxy(server.stack.postgres.url);
    const { stack, cognito } = server;
    const dying = await startServerProcess(
      { stack: { ...stack, postgres: { ...stack.postgres, url: postgres.url } }, cognito },
      {},
    );
    const messages = [await send('One'), await send('Two'), await send('Three'), await send('Four')];
    const ids = messages.map(() => v7());
    const api = clientOf(dying.url, ana.accessToken);
    // The members and Ana are known from now on.
    await api.messages.list.query({ messageGroupUuid: group });
    const stream = await open(ben, other.url);
    const thread = async () =>
      (await itemsOf(server.services.store, keys.messages(group))).map((item) => JSON.stringify(item));
    const before = await thread();
    postgres.freeze();
    const run = (at: Api) => CHANGES.map(([, change], i) => change(at, messages[i] as Message, ids[i] ?? ''));
    const killAfterWrites = async () => {
      await expect
        .poll(async () => (await thread()).filter((item, i) => item !== before[i]).length)
        .toBe(CHANGES.length);
      dying.kill();
    };
    await Promise.all([Promise.allSettled(run(api)), killAfterWrites()]);
    await postgres.cut();
    const written = await thread();
    expect(stream.events.some(({ type }) => type === 'changed')).toBe(false);

    const results = await Promise.all(run(clientOf(server.url, ana.accessToken)));
    for (const result of results) await expect.poll(() => received(stream, result)).toBe(true);
    expect(await thread()).toEqual(written);
  });
});
