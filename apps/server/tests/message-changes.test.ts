import { randomUUID } from 'node:crypto';
import { type Message, messageItem, micros } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { originGroup, putItems } from '../../../tests/support/messages.ts';
import { callOf } from './send-request.ts';
import { refusalOf, startTestServer, type TestServer } from './test-server.ts';

type Person = Awaited<ReturnType<TestServer['signIn']>>;
type Uuids = Record<'ana' | 'ben', string>;

let server: TestServer;
let ana: Person;
let ben: Person;
let eve: Person;
let uuids: Uuids;
/** Ana's and Ben's, and Ana's and Eve's. */
let group: string;
let otherGroup: string;

beforeAll(async () => {
  server = await startTestServer({ rateLimitFactor: 10 });
  ana = await server.signIn('ana', 'Ana Lantern');
  ben = await server.signIn('ben', 'Ben Harbour');
  eve = await server.signIn('eve', 'Eve Stranger');
  const [one, two] = [await ana.api.users.me.query(), await ben.api.users.me.query()];
  await eve.api.users.me.query();
  uuids = { ana: one.uuid, ben: two.uuid };
  group = (await send(ana, 'Hello', { handle: 'ben' })).messageGroupUuid;
  otherGroup = (await send(ana, 'Hello', { handle: 'eve' })).messageGroupUuid;
});

afterAll(() => server.stop());

const send = (
  { api }: Person,
  message: string,
  place: { handle?: string; messageGroupUuid?: string; replyTo?: { messageUuid: string; createdAt: string } } = {},
) =>
  api.messages.create.mutate({
    message,
    clientMessageUuid: v7(),
    ...(place.handle === undefined && { messageGroupUuid: group }),
    ...place,
  });
const addressOf = ({ messageGroupUuid, uuid: messageUuid, createdAt }: Message) => ({
  messageGroupUuid,
  messageUuid,
  createdAt,
});
const replyTo = ({ uuid: messageUuid, createdAt }: Message) => ({ messageUuid, createdAt });
type Address = ReturnType<typeof addressOf>;

const react = ({ api }: Person, to: Address, emoji = '👍', isOn = true) =>
  api.messages.react.mutate({ ...to, emoji, isOn });
const edit = ({ api }: Person, of: Address, message: string, revision = 0) =>
  api.messages.edit.mutate({ ...of, message, revision });
const remove = ({ api }: Person, message: Address) => api.messages.delete.mutate(message);
const history = ({ api }: Person, of: Address) => api.messages.history.query(of);
const thread = async ({ api }: Person, messageGroupUuid = group) =>
  (await api.messages.list.query({ messageGroupUuid, limit: 100, consistentRead: true })).items;

/** All calls that address a message. */
const CALLS: [string, (person: Person, address: Address) => Promise<unknown>][] = [
  ['react', (person, address) => react(person, address)],
  ['edit', (person, address) => edit(person, address, 'Changed')],
  ['delete', (person, address) => remove(person, address)],
  ['history', (person, address) => history(person, address)],
];
const badRequest = (reason: string) => ({ code: 'BAD_REQUEST', reason });
const notFound = (reason: string) => ({ code: 'NOT_FOUND', reason });

describe('a reply', () => {
  it('quotes its target for both members as it is now, one level deep', async () => {
    const target = await send(ana, 'Shall we meet at the pier?');
    const reply = await send(ben, 'At six', { replyTo: replyTo(target) });
    const quote = {
      uuid: target.uuid,
      createdAt: target.createdAt,
      userUuid: uuids.ana,
      displayName: 'Ana Lantern',
      excerpt: 'Shall we meet at the pier?',
      isDeleted: false,
      version: 0,
    };
    expect(reply.replyTo).toEqual(quote);
    const second = await send(ana, 'Fine', { replyTo: replyTo(reply) });
    expect(second.replyTo).toMatchObject({ uuid: reply.uuid, excerpt: 'At six' });
    await edit(ana, addressOf(target), 'Shall we meet at the mill?');
    for (const person of [ana, ben]) {
      const { replyTo: seen } = (await thread(person)).find(({ uuid }) => uuid === reply.uuid) ?? {};
      expect(seen).toEqual({ ...quote, excerpt: 'Shall we meet at the mill?', version: 1 });
    }
    await remove(ana, addressOf(target));
    const { items } = await ben.api.messages.list.query({ messageGroupUuid: group, limit: 1, around: reply.createdAt });
    expect(items[0]?.replyTo).toEqual({ ...quote, excerpt: '', isDeleted: true, version: 2 });
  });

  it('can quote a deleted message', async () => {
    const target = await send(ana, 'A secret');
    await remove(ana, addressOf(target));
    const reply = await send(ben, 'What was that?', { replyTo: replyTo(target) });
    expect(reply.replyTo).toMatchObject({ uuid: target.uuid, excerpt: '', isDeleted: true });
  });

  it("is refused with reply_target_not_found: an absent target, another group's, and in a new group", async () => {
    const [here, there] = [await send(ana, 'Here'), await send(ana, 'There', { messageGroupUuid: otherGroup })];
    const refused = notFound('reply_target_not_found');
    const wrong = [
      { ...replyTo(here), messageUuid: randomUUID() },
      { ...replyTo(here), createdAt: there.createdAt },
      replyTo(there),
    ];
    for (const target of wrong) {
      expect(await refusalOf(send(ana, 'Re', { replyTo: target }))).toEqual(refused);
      expect(await refusalOf(send(ana, 'Re', { handle: 'ben', replyTo: target }))).toEqual(refused);
    }
    await server.signIn('new').then(({ api }) => api.users.me.query());
    expect(await refusalOf(send(ana, 'Re', { handle: 'new', replyTo: replyTo(here) }))).toEqual(refused);
    expect(await ana.api.messageGroups.find.query({ handle: 'new' })).toBeNull();
    expect((await thread(ana)).map(({ message }) => message)).not.toContain('Re');
  });

  it('is refused with client_message_uuid_reused under the id of a message with another quote', async () => {
    const target = await send(ana, 'Here');
    const first = { message: 'Once', clientMessageUuid: v7(), messageGroupUuid: group };
    const sent = await ana.api.messages.create.mutate(first);
    const again = ana.api.messages.create.mutate({ ...first, replyTo: replyTo(target) });
    expect(await refusalOf(again)).toEqual({ code: 'CONFLICT', reason: 'client_message_uuid_reused' });
    expect(await ana.api.messages.create.mutate(first)).toEqual(sent);
  });
});

describe('a reaction', () => {
  it('is seen by both members, and idempotent', async () => {
    const message = await send(ana, 'Cake?');
    await react(ben, addressOf(message), '🎉');
    await react(ana, addressOf(message), '🎉');
    const reacted = await react(ben, addressOf(message), '👩🏽‍🚀');
    expect(reacted.reactions).toEqual([
      { emoji: '🎉', userUuids: Object.values(uuids).sort() },
      { emoji: '👩🏽‍🚀', userUuids: [uuids.ben] },
    ]);
    expect(await react(ben, addressOf(message), '👩🏽‍🚀')).toEqual(reacted);
    for (const person of [ana, ben]) expect(await thread(person)).toContainEqual(reacted);
    const removed = await react(ben, addressOf(message), '🎉', false);
    expect(removed.reactions).toContainEqual({ emoji: '🎉', userUuids: [uuids.ana] });
    expect(await react(ben, addressOf(message), '🎉', false)).toEqual(removed);
  });

  it('is refused with reaction_invalid if it is not one emoji', async () => {
    const message = await send(ana, 'Cake?');
    for (const emoji of ['', 'a', '👍👍', '👍 ', '\u2764', '👍'.repeat(100), '<b>', 'reacted_']) {
      expect(await refusalOf(react(ben, addressOf(message), emoji))).toEqual(badRequest('reaction_invalid'));
    }
    expect(await thread(ana)).toContainEqual(message);
  });

  it('is refused with reaction_limit_reached beyond five, and with message_deleted', async () => {
    const message = await send(ana, 'Cake?');
    for (const emoji of ['👍', '🎉', '🏮', '🌊', '⛵']) await react(ben, addressOf(message), emoji);
    expect(await refusalOf(react(ben, addressOf(message), '🐟'))).toEqual(badRequest('reaction_limit_reached'));
    expect((await react(ben, addressOf(message), '🏮')).reactions).toHaveLength(5);
    expect((await react(ana, addressOf(message), '🐟')).reactions).toHaveLength(6);
    await react(ben, addressOf(message), '🏮', false);
    await react(ben, addressOf(message), '🐟');
    await remove(ana, addressOf(message));
    for (const isOn of [true, false]) {
      expect(await refusalOf(react(ben, addressOf(message), '👍', isOn))).toEqual(badRequest('message_deleted'));
    }
  });
});

describe('an edit', () => {
  it('replaces the text for both members, who see the earlier ones with their times', async () => {
    const message = await send(ana, 'At the pier');
    const edited = await edit(ana, addressOf(message), 'At the mill');
    const again = await edit(ana, addressOf(message), 'At the harbour', 1);
    expect(again).toEqual({ ...message, message: 'At the harbour', editedAt: again.editedAt, revision: 2, version: 2 });
    for (const person of [ana, ben]) {
      expect(await thread(person)).toContainEqual(again);
      expect(await history(person, addressOf(message))).toEqual({
        message: again,
        items: [
          { revision: 0, message: 'At the pier', createdAt: message.createdAt },
          { revision: 1, message: 'At the mill', createdAt: edited.editedAt },
        ],
      });
    }
  });

  it('does not change order, unread counts or read markers', async () => {
    const [first, last] = [await send(ana, 'First'), await send(ana, 'Last')];
    await ben.api.messageGroups.markRead.mutate({ messageGroupUuid: group, createdAt: last.createdAt });
    const edited = await edit(ana, addressOf(first), 'First, edited');
    expect((await thread(ben)).slice(-2)).toEqual([edited, last]);
    expect((await ben.api.messageGroups.counts.query()).unreadGroupUuids).not.toContain(group);
  });

  it('is refused: not_your_message, message_deleted, message_blank, message_exceed_max_chars, input_invalid', async () => {
    const message = await send(ana, 'Mine');
    const of = addressOf(message);
    const forbidden = { code: 'FORBIDDEN', reason: 'not_your_message' };
    expect(await refusalOf(edit(ben, of, 'Yours'))).toEqual(forbidden);
    expect(await refusalOf(edit(ana, of, ' \u200b'))).toEqual(badRequest('message_blank'));
    expect(await refusalOf(edit(ana, of, '😀'.repeat(1025)))).toEqual(badRequest('message_exceed_max_chars'));
    for (const revision of [-1, 0.5]) {
      expect(await refusalOf(edit(ana, of, 'Still mine', revision))).toEqual(badRequest('input_invalid'));
    }
    await remove(ana, of);
    expect(await refusalOf(edit(ana, of, 'Mine'))).toEqual(badRequest('message_deleted'));
    // Not whether it was deleted, to someone who may not know what else to try.
    expect(await refusalOf(edit(ben, of, 'Yours'))).toEqual(forbidden);
  });

  it('is refused with revision_conflict against another revision, later or earlier', async () => {
    const message = await send(ana, 'At the pier');
    await edit(ana, addressOf(message), 'At the mill');
    const conflict = { code: 'CONFLICT', reason: 'revision_conflict' };
    for (const revision of [0, 2, 9]) {
      expect(await refusalOf(edit(ana, addressOf(message), 'At the harbour', revision))).toEqual(conflict);
    }
    expect((await history(ana, addressOf(message))).message.message).toBe('At the mill');
  });

  it('is refused with edit_window_passed a day later, and with edit_limit_reached after ten', async () => {
    const put = async (age: number, changes: object) => {
      const at = micros((Date.now() - age * 60_000) * 1000);
      const item = messageItem(
        group,
        at,
        { uuid: uuids.ana, handle: 'ana', displayName: 'Ana' },
        { uuid: v7(), text: 'Old' },
      );
      await putItems(server.services.store, [{ ...item, ...changes }]);
      return { messageGroupUuid: group, messageUuid: item.message_uuid, createdAt: item.sk.replace('+00:00', 'Z') };
    };
    const dayOld = await put(24 * 60 + 1, {});
    expect(await refusalOf(edit(ana, dayOld, 'New'))).toEqual(badRequest('edit_window_passed'));
    expect(await edit(ana, await put(24 * 60 - 5, {}), 'New')).toMatchObject({ message: 'New' });
    const often = await put(1, { revision: 10, version: 10, last_change: 'edit' });
    expect(await refusalOf(edit(ana, often, 'New', 10))).toEqual(badRequest('edit_limit_reached'));
    // A deletion and a reaction have no such limits.
    for (const address of [dayOld, often]) {
      await react(ben, address);
      expect(await remove(ana, address)).toMatchObject({ message: '', reactions: [] });
    }
  });
});

describe('a deletion', () => {
  it('leaves the same tombstone to both members, and nothing of the text, the reactions and the history', async () => {
    const message = await send(ana, 'A secret');
    await edit(ana, addressOf(message), 'Another secret');
    await react(ben, addressOf(message), '🎉');
    const tombstone = await remove(ana, addressOf(message));
    expect(tombstone).toEqual({
      ...message,
      message: '',
      deletedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      revision: 1,
      version: 3,
    });
    expect(await remove(ana, addressOf(message))).toEqual(tombstone);
    for (const person of [ana, ben]) {
      expect(await thread(person)).toContainEqual(tombstone);
      expect(await history(person, addressOf(message))).toEqual({ message: tombstone, items: [] });
    }
    const missed = await callOf(server.url, ben.accessToken)(
      'messages.list',
      { messageGroupUuid: group },
      { method: 'GET' },
    );
    expect(await missed.text()).not.toContain('secret');
  });

  it('is what a retry of the original message returns', async () => {
    const original = { message: 'Sent once', clientMessageUuid: v7(), messageGroupUuid: group };
    const message = await ana.api.messages.create.mutate(original);
    const tombstone = await remove(ana, addressOf(message));
    expect(await ana.api.messages.create.mutate(original)).toEqual(tombstone);
  });

  it("is refused with not_your_message: another's message", async () => {
    const message = await send(ana, 'Mine');
    const forbidden = { code: 'FORBIDDEN', reason: 'not_your_message' };
    expect(await refusalOf(remove(ben, addressOf(message)))).toEqual(forbidden);
    expect(await thread(ben)).toContainEqual(message);
    await remove(ana, addressOf(message));
    expect(await refusalOf(remove(ben, addressOf(message)))).toEqual(forbidden);
  });
});

describe.each(CALLS)('%s is refused', (_, call) => {
  it("with message_not_found: an absent message, another uuid or time, and another group's message", async () => {
    const [here, there] = [await send(ana, 'Here'), await send(ana, 'There', { messageGroupUuid: otherGroup })];
    const wrong = [
      { ...addressOf(here), messageUuid: randomUUID() },
      { ...addressOf(here), createdAt: there.createdAt },
      { ...addressOf(there), messageGroupUuid: group },
      { ...addressOf(here), messageGroupUuid: otherGroup },
    ];
    for (const address of wrong) expect(await refusalOf(call(ana, address))).toEqual(notFound('message_not_found'));
    expect([...(await thread(ana)), ...(await thread(ana, otherGroup))]).toEqual(expect.arrayContaining([here, there]));
  });

  it('with message_group_not_found to a stranger, whether or not the group or the message exists', async () => {
    const message = await send(ana, 'Between us');
    const addresses = [
      addressOf(message),
      { ...addressOf(message), messageUuid: randomUUID() },
      { ...addressOf(message), messageGroupUuid: randomUUID() },
    ];
    for (const address of addresses) {
      expect(await refusalOf(call(eve, address))).toEqual(notFound('message_group_not_found'));
    }
    expect(await thread(ana)).toContainEqual(message);
  });

  it('with message_group_uuid_blank and input_invalid', async () => {
    const address = addressOf(await send(ana, 'Here'));
    const blank = { ...address, messageGroupUuid: ' ' };
    expect(await refusalOf(call(ana, blank))).toEqual(badRequest('message_group_uuid_blank'));
    for (const wrong of [{ messageUuid: 'x' }, { createdAt: 'yesterday' }, { messageGroupUuid: 'x' }]) {
      expect(await refusalOf(call(ana, { ...address, ...wrong }))).toEqual(badRequest('input_invalid'));
    }
  });
});

describe("the origin's messages", () => {
  const TIMES = [
    '2023-01-01T09:00:00+00:00',
    '2023-01-01T09:00:01.5+00:00',
    '2023-01-01T09:00:02.123456',
    '2023-01-01T14:30:03.25+05:30',
    '2023-01-01T01:00:04-08:00',
    '2023-01-01T09:00:05',
  ];
  let originUuid: string;
  let messages: Message[];

  beforeAll(async () => {
    const cai = await server.signIn('cai', 'Cai').then(({ api }) => api.users.me.query());
    originUuid = randomUUID();
    const { messages: items, rows } = originGroup({
      uuid: originUuid,
      members: [await ana.api.users.me.query(), cai],
      times: TIMES,
      rowsAt: '2023-01-02T00:00:00+00:00',
    });
    await putItems(server.services.store, [...items, ...rows]);
    messages = await thread(ana, originUuid);
  });

  it('are replied to, reacted to and deleted, and too old to be edited, whatever the form of their time', async () => {
    expect(messages).toHaveLength(TIMES.length);
    for (const message of messages) {
      expect(message.createdAt).toMatch(/^2023-01-01T09:00:0\d\.\d{6}Z$/);
      const reply = await send(ana, 'At last', { messageGroupUuid: originUuid, replyTo: replyTo(message) });
      expect(reply.replyTo).toMatchObject({ uuid: message.uuid, excerpt: message.message });
      const reacted = await react(ana, addressOf(message));
      expect(reacted).toMatchObject({ uuid: message.uuid, reactions: [{ emoji: '👍' }], version: 1 });
      expect((await history(ana, addressOf(message))).message).toEqual(reacted);
      if (message.userUuid === uuids.ana) {
        expect(await refusalOf(edit(ana, addressOf(message), 'New'))).toEqual(badRequest('edit_window_passed'));
        expect(await remove(ana, addressOf(message))).toMatchObject({ message: '', version: 2 });
      }
      const { items } = await ana.api.messages.list.query({
        messageGroupUuid: originUuid,
        around: message.createdAt,
        limit: 3,
      });
      expect(items.map(({ uuid }) => uuid)).toContain(message.uuid);
    }
    const now = await thread(ana, originUuid);
    expect(now.slice(0, TIMES.length).map(({ uuid }) => uuid)).toEqual(messages.map(({ uuid }) => uuid));
  });
});

describe('a page of messages', () => {
  it('around a time leads in both directions, whatever else is asked with a cursor', async () => {
    const sent: Message[] = [];
    for (let i = 0; i < 7; i++) sent.push(await send(ana, `Line ${i}`));
    const [middle, last] = [sent[3] as Message, sent[6] as Message];
    const list = (input: object) => ben.api.messages.list.query({ messageGroupUuid: group, limit: 2, ...input });
    const page = await list({ around: middle.createdAt });
    expect(page.items).toEqual(sent.slice(2, 4));
    const newer = await list({ around: middle.createdAt, cursor: page.previousCursor, direction: 'backward' });
    expect(newer.items).toEqual(sent.slice(4, 6));
    const newest = await list({ cursor: newer.previousCursor, consistentRead: true });
    expect([newest.items, newest.previousCursor]).toEqual([[last], null]);
    expect((await list({ cursor: page.nextCursor, direction: 'forward' })).items).toEqual(sent.slice(0, 2));
    expect((await list({})).previousCursor).toBeNull();
    const future = await list({ around: '2200-01-01T00:00:00Z' });
    expect([future.items, future.previousCursor]).toEqual([[last], null]);
  });

  it('is refused with cursor_invalid for a newer page: of another caller or group', async () => {
    const { createdAt } = (await thread(ana))[0] as Message;
    const { previousCursor } = await ana.api.messages.list.query({
      messageGroupUuid: group,
      limit: 2,
      around: createdAt,
    });
    expect(previousCursor).not.toBeNull();
    for (const [person, messageGroupUuid] of [
      [ben, group],
      [ana, otherGroup],
    ] as const) {
      const foreign = person.api.messages.list.query({ messageGroupUuid, cursor: previousCursor });
      expect(await refusalOf(foreign)).toEqual(badRequest('cursor_invalid'));
    }
    const invalid = ana.api.messages.list.query({ messageGroupUuid: group, around: 'yesterday' });
    expect(await refusalOf(invalid)).toEqual(badRequest('input_invalid'));
  });
});
