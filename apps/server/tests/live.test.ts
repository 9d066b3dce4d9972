import { type Micros, messageItem, micros } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { putItems } from '../../../tests/support/messages.ts';
import { hearEvents } from './hear-events.ts';
import { moveRows as moveRowsOf } from './move-rows.ts';
import { openStream, type TestStream } from './open-stream.ts';
import { type Instance, refusalOf, startTestServer, type TestServer } from './test-server.ts';

type Person = Awaited<ReturnType<TestServer['signIn']>>;

let server: TestServer;
let other: Instance;
let ana: Person;
let ben: Person;
let eve: Person;
let group: string;
const streams: TestStream[] = [];

beforeAll(async () => {
  server = await startTestServer({ rateLimitFactor: 10 });
  other = await server.startInstance();
  ana = await server.signIn('ana', 'Ana Lantern');
  ben = await server.signIn('ben', 'Ben Harbour');
  eve = await server.signIn('eve', 'Eve Stranger');
  for (const each of [ana, ben, eve]) await each.api.users.me.query();
  group = (await send(ana, 'Hello', { handle: 'ben' })).messageGroupUuid;
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

const send = (person: Person, message: string, place: { handle: string } | { messageGroupUuid: string }) =>
  person.api.messages.create.mutate({ message, clientMessageUuid: v7(), ...place });
const moveRows = (messageGroupUuid: string, at?: Micros) => moveRowsOf(server.services.store, messageGroupUuid, at);
const write = (person: Person, message: string) => send(person, message, { messageGroupUuid: group });

describe('a stream', () => {
  it('delivers each message to both members, on every instance, and names the other member', async () => {
    const [here, there, own] = await Promise.all([open(ben, server.url), open(ben, other.url), open(ana, other.url)]);
    const message = await write(ana, 'On every screen');
    for (const stream of [here, there, own]) {
      await expect.poll(() => stream.texts()).toContain('On every screen');
    }
    const event = there.events.find((each) => each.type === 'message' && each.message.uuid === message.uuid);
    expect(event).toEqual({
      type: 'message',
      message,
      person: { uuid: message.userUuid, handle: 'ana', displayName: 'Ana Lantern' },
      isRequest: false,
    });
    expect(own.events).toContainEqual(
      expect.objectContaining({ message, person: expect.objectContaining({ handle: 'ben' }) }),
    );
  });

  it('delivers a new group to the recipient at once', async () => {
    const stream = await open(ben, other.url);
    const first = await send(eve, 'Do I know you?', { handle: 'ben' });
    const person = expect.objectContaining({ handle: 'eve' });
    await expect.poll(() => stream.events).toContainEqual(expect.objectContaining({ message: first, person }));
  });

  it('delivers nothing of a group to anyone else', async () => {
    const [stream, witness] = [await open(eve, server.url), await open(ben, server.url)];
    await write(ana, 'Between us');
    await ana.api.messageGroups.signalTyping.mutate({ messageGroupUuid: group });
    await expect.poll(() => witness.events.map(({ type }) => type)).toContain('typing');
    expect(stream.texts()).not.toContain('Between us');
    expect(stream.events.map(({ type }) => type)).not.toContain('typing');
  });

  it('carries a message that is too large for a notification', async () => {
    const stream = await open(ben, other.url);
    const text = `!${'\u0001'.repeat(1023)}`;
    const events = hearEvents(other, (event) => event.type === 'message' && event.message.message === text);
    const message = await write(ana, text);
    const [one, two] = [await ana.api.users.me.query(), await ben.api.users.me.query()];
    const publish = (displayName: string) =>
      server.services.bus.publish({ type: 'message', message, members: [{ ...one, displayName }, two] });
    expect(await events.untilHeard(() => publish(one.displayName))).toMatchObject({ message });
    await expect.poll(() => stream.texts()).toContain(message.message);
    // The origin did not limit names.
    const publishLong = () => publish('\u0001'.repeat(400));
    await publishLong();
    const members = [{ displayName: 'Ana Lantern' }, { handle: 'ben' }];
    expect(await events.untilHeard(publishLong)).toMatchObject({ message, members });
    events.stop();
  });

  it('delivers a message again that was sent again', async () => {
    const stream = await open(ben, other.url);
    const input = { message: 'Did it arrive?', clientMessageUuid: v7(), messageGroupUuid: group };
    const arrived = () => stream.texts().filter((text) => text === input.message).length;
    await ana.api.messages.create.mutate(input);
    // PostgreSQL delivers two equal notifications of one statement once: on a slow machine, both could wait for the same one.
    await expect.poll(arrived).toBeGreaterThan(0);
    const before = arrived();
    await ana.api.messages.create.mutate(input);
    await expect.poll(arrived).toBeGreaterThan(before);
  });
});

describe('reconnecting', () => {
  it('delivers missed messages, in order, before new ones', async () => {
    const before = await open(ben, server.url);
    await write(ana, 'The last that he saw');
    await expect.poll(() => before.texts()).toContain('The last that he saw');
    const id = before.lastId();
    before.close();
    const missed = Array.from({ length: 30 }, (_, i) => `Missed ${i}`);
    for (const text of missed) await write(ana, text);
    await moveRows(group);
    const after = await open(ben, other.url, id);
    await write(ana, 'New');
    await expect.poll(() => after.texts()).toContain('New');
    const texts = after.texts().filter((text) => text.startsWith('Missed') || text === 'New');
    expect(texts).toEqual([...missed, 'New']);
    expect(after.events.find(({ type }) => type === 'caught_up')).toEqual({ type: 'caught_up', isComplete: true });
  });

  it('finds a message whose group the Lambda moves only later', async () => {
    const before = await open(ben, server.url);
    await write(ana, 'Seen');
    await expect.poll(() => before.texts()).toContain('Seen');
    before.close();
    // The row is from a minute ago: older than the overlap that is read again.
    await moveRows(group, micros(Date.now() * 1000 - 60_000_000));
    await write(ana, 'Not moved yet');
    const after = await open(ben, other.url, String(Date.now() * 1000));
    expect(after.texts()).not.toContain('Not moved yet');
    await moveRows(group);
    await expect.poll(() => after.texts()).toContain('Not moved yet');
  });

  it('reports an incomplete catch-up if too much was missed, and on the first connection', async () => {
    expect((await open(ben, server.url)).events.at(-1)).toEqual({ type: 'caught_up', isComplete: false });
    const dave = await server.signIn('dave', 'Dave Far');
    await dave.api.users.me.query();
    const { messageGroupUuid } = await send(ana, 'First of many', { handle: 'dave' });
    const from = String(Date.now() * 1000 - 60_000_000);
    const sender = { uuid: dave.sub, handle: 'dave', displayName: 'Dave Far' };
    const items = Array.from({ length: 1001 }, (_, i) =>
      messageItem(messageGroupUuid, micros(Date.now() * 1000 - i), sender, { uuid: v7(), text: `Line ${i}` }),
    );
    await putItems(server.services.store, items);
    const stream = await open(dave, server.url, from);
    expect(stream.events).toEqual([{ type: 'caught_up', isComplete: false }]);
  });

  it('refuses an invalid id', async () => {
    const stream = await openStream(server.url, ben.accessToken, { lastEventId: "' or 1=1" });
    expect(stream.error()?.data).toMatchObject({ code: 'BAD_REQUEST', reason: 'input_invalid' });
  });
});

describe('reading', () => {
  it('is reported to both members on every instance, and never moves backwards', async () => {
    const [ofBen, ofAna] = [await open(ben, other.url), await open(ana, other.url)];
    const [first, second] = [await write(ana, 'One'), await write(ana, 'Two')];
    const mark = (createdAt: string) => ben.api.messageGroups.markRead.mutate({ messageGroupUuid: group, createdAt });
    const benUuid = (await ben.api.users.me.query()).uuid;
    const marker = { messageGroupUuid: group, userUuid: benUuid, readAt: second.createdAt };
    expect(await mark(second.createdAt)).toEqual(marker);
    expect(await mark(first.createdAt)).toEqual(marker);
    for (const stream of [ofBen, ofAna]) {
      await expect
        .poll(() => stream.events.filter(({ type }) => type === 'read'))
        .toEqual([{ type: 'read', ...marker }]);
    }
    expect((await ana.api.messageGroups.readMarkers.query({ messageGroupUuid: group })).items).toEqual([marker]);
  });

  it('resets the unread count in the list', async () => {
    const { api } = ben;
    const last = await write(ana, 'Counted');
    await moveRows(group);
    const rowOf = async () => (await api.messageGroups.list.query()).items.find(({ uuid }) => uuid === group);
    expect(await rowOf()).toMatchObject({ unreadCount: 1, unreadThrough: last.createdAt });
    await api.messageGroups.markRead.mutate({ messageGroupUuid: group, createdAt: last.createdAt });
    expect(await rowOf()).toMatchObject({ unreadCount: 0, readAt: last.createdAt });
  });

  it.each(['tomorrow', '2026-13-40T00:00:00Z', ''])('refuses an invalid time: %j', async (createdAt) => {
    const mark = ben.api.messageGroups.markRead.mutate({ messageGroupUuid: group, createdAt });
    expect(await refusalOf(mark)).toEqual({ code: 'BAD_REQUEST', reason: 'input_invalid' });
  });

  it('is refused to strangers, as are typing and markers', async () => {
    const createdAt = new Date().toISOString();
    for (const messageGroupUuid of [group, crypto.randomUUID()]) {
      const { markRead, readMarkers, signalTyping } = eve.api.messageGroups;
      const refusals = await Promise.all([
        refusalOf(markRead.mutate({ messageGroupUuid, createdAt })),
        refusalOf(readMarkers.query({ messageGroupUuid })),
        refusalOf(signalTyping.mutate({ messageGroupUuid })),
      ]);
      expect(refusals).toEqual(Array(3).fill({ code: 'NOT_FOUND', reason: 'message_group_not_found' }));
    }
  });
});

describe('typing', () => {
  it('is reported only to the other person, and not stored', async () => {
    const [ofBen, ofAna] = [await open(ben, other.url), await open(ana, server.url)];
    const calls: string[] = [];
    server.services.store.client.middlewareStack.add(
      (next, context) => (args) => {
        calls.push(context.commandName ?? '');
        return next(args);
      },
      { step: 'initialize', name: 'watch' },
    );
    await ana.api.messageGroups.signalTyping.mutate({ messageGroupUuid: group });
    const typing = expect.objectContaining({ type: 'typing', messageGroupUuid: group });
    await expect.poll(() => ofBen.events).toContainEqual(typing);
    server.services.store.client.middlewareStack.remove('watch');
    expect(calls.filter((name) => /Put|Update|Write/.test(name))).toEqual([]);
    expect(ofAna.events.map(({ type }) => type)).not.toContain('typing');
  });
});
