import { suspendPerson } from '@cruddur/ddb';
import { TRPCClientError } from '@trpc/client';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CuttableProxy, startCuttableProxy } from '../../../tests/support/cuttable-proxy.ts';
import type { AppRouter } from '../src/router.ts';
import { openFreshStream, type TestStream } from './open-stream.ts';
import { clientOf, type Instance, refusalOf, startTestServer, type TestServer } from './test-server.ts';

type Api = ReturnType<typeof clientOf>;
type Person = Awaited<ReturnType<typeof newPerson>>;

const UNAVAILABLE = { code: 'BAD_REQUEST', reason: 'recipient_unavailable' };
const PENDING = { code: 'BAD_REQUEST', reason: 'request_pending' };
const NOT_FOUND = { code: 'NOT_FOUND', reason: 'message_not_found' };
const LATER = { timeout: 30_000, interval: 50 };

let server: TestServer;
let other: Instance;
/** Its bus can be cut. */
let lone: Instance;
/** The network between that instance and PostgreSQL. */
let postgres: CuttableProxy;
const streams: TestStream[] = [];

beforeAll(async () => {
  server = await startTestServer({ rateLimitFactor: 20 });
  postgres = await startCuttableProxy(server.stack.postgres.url);
  other = await server.startInstance();
  lone = await server.startInstance({ postgres: { ...server.stack.postgres, url: postgres.url } });
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await postgres.restore();
  await expect.poll(async () => (await fetch(`${lone.url}/readyz`)).status, LATER).toBe(200);
});
afterAll(async () => {
  await server.stop();
  await postgres.cut();
});

let people = 0;

/** A new person, at every instance. */
async function newPerson() {
  const { accessToken } = await server.signIn(`person${++people}`);
  const apis = {
    here: clientOf(server.url, accessToken),
    there: clientOf(other.url, accessToken),
    lone: clientOf(lone.url, accessToken),
  };
  await apis.there.users.me.query();
  await apis.lone.users.me.query();
  return { ...(await apis.here.users.me.query()), accessToken, ...apis };
}

async function open(person: Person, url: string): Promise<TestStream> {
  const stream = await openFreshStream(server.services.bus, url, person);
  streams.push(stream);
  return stream;
}

const send = (api: Api, place: { handle: string } | { messageGroupUuid: string }, message = 'Bring a lantern') =>
  api.messages.create.mutate({ message, clientMessageUuid: v7(), ...place });
const addressOf = ({ messageGroupUuid, uuid, createdAt }: Awaited<ReturnType<typeof send>>) => ({
  messageGroupUuid,
  messageUuid: uuid,
  createdAt,
});
const typesOf = ({ events }: TestStream) => new Set(events.map(({ type }) => type));
const statesOf = ({ events }: TestStream) => events.filter((event) => event.type === 'state');

/** Two people with a message of each, whom every instance knows. */
async function conversation() {
  const [ana, ben] = [await newPerson(), await newPerson()];
  const own = await send(ana.here, { handle: ben.handle });
  const { messageGroupUuid } = own;
  const theirs = await send(ben.there, { messageGroupUuid });
  for (const api of [ana, ben].flatMap(({ here, there, lone }) => [here, there, lone])) {
    await api.messages.list.query({ messageGroupUuid });
    for (const { handle } of [ana, ben]) await api.users.short.query({ handle });
  }
  return { ana, ben, messageGroupUuid, own, theirs };
}

/** A person who asks another. */
async function request() {
  const [ana, ben] = [await newPerson(), await newPerson()];
  await ben.there.users.updateSettings.mutate({ whoMayMessage: 'requests' });
  const first = await send(ana.here, { handle: ben.handle });
  return { ana, ben, first, messageGroupUuid: first.messageGroupUuid };
}

describe('a block', () => {
  it.each<[string, 'there' | 'lone']>([
    ['runs', 'there'],
    ['is down', 'lone'],
  ])('on one instance holds on another in both directions, where its bus %s', async (_, at) => {
    const { ana, ben, messageGroupUuid, own, theirs } = await conversation();
    const { url } = at === 'there' ? other : lone;
    const [ofAna, ofBen] = [await open(ana, url), await open(ben, url)];
    if (at === 'lone') await postgres.cut();
    await ana.here.users.block.mutate({ handle: ben.handle });
    const attempts = [
      send(ben[at], { messageGroupUuid }, 'Refused'),
      send(ben[at], { handle: ana.handle }, 'Refused'),
      send(ana[at], { messageGroupUuid }, 'Refused'),
      ben[at].messages.edit.mutate({ ...addressOf(theirs), message: 'Changed', revision: 0 }),
      ben[at].messages.react.mutate({ ...addressOf(own), emoji: '🏮', isOn: true }),
      ana[at].messages.react.mutate({ ...addressOf(theirs), emoji: '🏮', isOn: true }),
    ];
    expect(await Promise.all(attempts.map(refusalOf))).toEqual(attempts.map(() => UNAVAILABLE));
    for (const api of [ben[at], ana[at]]) await api.messageGroups.signalTyping.mutate({ messageGroupUuid });
    const { createdAt } = theirs;
    await ben[at].messageGroups.markRead.mutate({ messageGroupUuid, createdAt });
    // One's own can still be deleted.
    await ben[at].messages.delete.mutate(addressOf(theirs));

    await postgres.restore();
    await ana.here.users.unblock.mutate({ handle: ben.handle });
    await send(ben[at], { messageGroupUuid }, 'After it');
    for (const stream of [ofAna, ofBen]) await expect.poll(() => stream.texts(), LATER).toContain('After it');
    // What was refused or dropped would have come before.
    expect(typesOf(ofAna)).not.toContain('typing');
    expect(ofAna.events.filter((event) => event.type === 'read')).toEqual([]);
    for (const type of ['typing', 'state', 'settings'] as const) expect(typesOf(ofBen)).not.toContain(type);
    for (const stream of [ofAna, ofBen]) expect(stream.texts()).not.toContain('Refused');
  });

  it('made where the bus is down holds everywhere', async () => {
    const { ana, ben, messageGroupUuid } = await conversation();
    await postgres.cut();
    const state = await ana.lone.users.block.mutate({ handle: ben.handle });
    expect(state).toMatchObject({ messageGroupUuid, isBlockedByMe: true, canSend: false });
    for (const api of [ana.here, ben.here, ben.lone]) {
      expect(await refusalOf(send(api, { messageGroupUuid }))).toEqual(UNAVAILABLE);
    }
  });

  it("reaches the other devices of the person who blocks; the other person only sees that they can't send", async () => {
    const { ana, ben, messageGroupUuid } = await conversation();
    const [second, ofBen] = [await open(ana, other.url), await open(ben, other.url)];
    await ana.here.users.block.mutate({ handle: ben.handle });
    await expect.poll(() => statesOf(second), LATER).toMatchObject([{ messageGroupUuid, isBlockedByMe: true }]);
    expect(typesOf(second)).toContain('settings');
    expect(typesOf(ofBen)).not.toContain('state');
    expect((await ana.there.users.listBlocked.query()).items).toMatchObject([{ handle: ben.handle }]);
    expect((await ben.there.users.listBlocked.query()).items).toEqual([]);
    const rowOf = async (api: Api) => (await api.messageGroups.list.query()).items[0];
    expect(await rowOf(ana.there)).toMatchObject({ isBlockedByMe: true, canSend: false });
    expect(await rowOf(ben.there)).toMatchObject({ isBlockedByMe: false, canSend: false });
    const { state } = await ben.here.messages.list.query({ messageGroupUuid });
    expect(state).toMatchObject({ isBlockedByMe: false, canSend: false });
  });

  it('without a conversation has no state, and is undone', async () => {
    const [ana, ben] = [await newPerson(), await newPerson()];
    const { handle } = ben;
    expect(await ana.here.users.block.mutate({ handle })).toBeNull();
    expect(await refusalOf(send(ben.there, { handle: ana.handle }))).toEqual(UNAVAILABLE);
    expect(await ana.there.users.unblock.mutate({ handle })).toBeNull();
    expect(await send(ben.there, { handle: ana.handle })).toHaveProperty('messageGroupUuid');
  });

  it('keeps read markers back, and the next one after it shows all', async () => {
    const { ana, ben, messageGroupUuid, theirs } = await conversation();
    const markerOfAna = async () => {
      const { items } = await ben.there.messageGroups.readMarkers.query({ messageGroupUuid });
      return items.find(({ userUuid }) => userUuid === ana.uuid)?.readAt;
    };
    const read = ({ createdAt }: { createdAt: string }) =>
      ana.here.messageGroups.markRead.mutate({ messageGroupUuid, createdAt });
    await read(theirs);
    const second = await send(ben.here, { messageGroupUuid });
    await ben.here.users.block.mutate({ handle: ana.handle });
    expect(await read(second)).toMatchObject({ readAt: second.createdAt });
    expect(await markerOfAna()).toBe(theirs.createdAt);
    await ben.here.users.unblock.mutate({ handle: ana.handle });
    expect(await markerOfAna()).toBe(theirs.createdAt);
    const third = await send(ben.here, { messageGroupUuid });
    await read(third);
    expect(await markerOfAna()).toBe(third.createdAt);
  });
});

describe('a request', () => {
  it('is not in its recipient’s list but among their requests, and its sender gets no sign of reading or typing', async () => {
    const [ana, ben] = [await newPerson(), await newPerson()];
    await ben.there.users.updateSettings.mutate({ whoMayMessage: 'requests' });
    const [ofAna, ofBen] = [await open(ana, other.url), await open(ben, other.url)];
    const first = await send(ana.here, { handle: ben.handle });
    const { messageGroupUuid } = first;
    await expect
      .poll(() => ofBen.events.filter((event) => event.type === 'message'), LATER)
      .toMatchObject([{ isRequest: true }]);
    expect((await ben.here.messageGroups.list.query()).items).toEqual([]);
    const { items } = await ben.here.messageGroups.list.query({ filter: 'requests' });
    expect(items).toMatchObject([{ uuid: messageGroupUuid, isRequest: true }]);
    expect(await ben.here.messageGroups.counts.query()).toMatchObject({ unread: 0, requests: 1 });
    await ben.here.messageGroups.signalTyping.mutate({ messageGroupUuid });
    await ben.here.messageGroups.markRead.mutate({ messageGroupUuid, createdAt: first.createdAt });
    const reaction = { ...addressOf(first), emoji: '🏮', isOn: true };
    expect(await refusalOf(ben.here.messages.react.mutate(reaction))).toEqual(PENDING);
    await send(ana.here, { messageGroupUuid }, 'Second');
    await expect.poll(() => ofAna.texts(), LATER).toContain('Second');
    expect(typesOf(ofAna)).not.toContain('typing');
    expect(typesOf(ofAna)).not.toContain('read');
    expect((await ana.here.messageGroups.readMarkers.query({ messageGroupUuid })).items).toEqual([]);
  });

  it.each([
    ['shows what was read, with receipts on', true],
    ['hides what was read with receipts off, also once they are on again', false],
  ])('that is accepted %s', async (_, sendsReadReceipts) => {
    const { ana, ben, first, messageGroupUuid } = await request();
    await ben.here.users.updateSettings.mutate({ sendsReadReceipts });
    await ben.here.messageGroups.markRead.mutate({ messageGroupUuid, createdAt: first.createdAt });
    await ben.here.messageGroups.accept.mutate({ messageGroupUuid });
    await ben.here.users.updateSettings.mutate({ sendsReadReceipts: true });
    const { items } = await ana.here.messageGroups.readMarkers.query({ messageGroupUuid });
    expect(items.map(({ userUuid }) => userUuid)).toEqual(sendsReadReceipts ? [ben.uuid] : []);
  });

  it.each<[string, (ben: Person, ana: Person, messageGroupUuid: string) => Promise<unknown>]>([
    ['a call', (ben, _, messageGroupUuid) => ben.there.messageGroups.accept.mutate({ messageGroupUuid })],
    ['a reply to the group', (ben, _, messageGroupUuid) => send(ben.there, { messageGroupUuid })],
    ['a reply to the person', (ben, ana) => send(ben.there, { handle: ana.handle })],
  ])('is accepted by %s; its sender learns of it, and both can write', async (_, accept) => {
    const { ana, ben, messageGroupUuid } = await request();
    for (let n = 0; n < 2; n++) await send(ana.here, { messageGroupUuid });
    expect(await refusalOf(send(ana.here, { messageGroupUuid }))).toEqual(PENDING);
    expect((await ana.here.messages.list.query({ messageGroupUuid })).state).toMatchObject({
      canSend: false,
      awaitsAcceptance: true,
    });
    const [ofAna, ofBen] = [await open(ana, server.url), await open(ben, server.url)];
    await accept(ben, ana, messageGroupUuid);
    const open_ = { messageGroupUuid, canSend: true, awaitsAcceptance: false };
    await expect.poll(() => statesOf(ofAna).at(-1), LATER).toMatchObject(open_);
    await expect.poll(() => statesOf(ofBen).at(-1), LATER).toMatchObject({ messageGroupUuid, isRequest: false });
    await send(ana.here, { messageGroupUuid });
    expect(await ben.here.messageGroups.counts.query()).toMatchObject({ requests: 0 });
  });

  it('that is declined, and what is written in it, is not told to anyone but its sender', async () => {
    const { ana, ben, messageGroupUuid } = await request();
    const [ofAna, ofBen] = [await open(ana, other.url), await open(ben, other.url)];
    await ben.here.messageGroups.decline.mutate({ messageGroupUuid });
    await send(ana.here, { messageGroupUuid }, 'Hidden');
    await expect.poll(() => ofAna.texts(), LATER).toContain('Hidden');
    const stranger = await newPerson();
    await send(ben.here, { handle: stranger.handle }, 'Later');
    await expect.poll(() => ofBen.texts(), LATER).toContain('Later');
    expect(ofBen.texts()).not.toContain('Hidden');
    expect(statesOf(ofBen)).toHaveLength(1);
    expect(await ben.here.messageGroups.counts.query()).toMatchObject({ unread: 0, requests: 0 });
  });

  it('that is declined has an empty thread for its recipient, until it is accepted by a reply', async () => {
    const { ana, ben, first, messageGroupUuid } = await request();
    await ben.here.messageGroups.decline.mutate({ messageGroupUuid });
    const hidden = await send(ana.here, { messageGroupUuid }, 'Hidden');
    const empty = { items: [], nextCursor: null, previousCursor: null };
    for (const around of [undefined, first.createdAt, hidden.createdAt]) {
      expect(await ben.here.messages.list.query({ messageGroupUuid, around })).toMatchObject(empty);
    }
    for (const each of [first, hidden]) {
      expect(await refusalOf(ben.here.messages.history.query(addressOf(each)))).toEqual(NOT_FOUND);
      expect(await ana.here.messages.history.query(addressOf(each))).toMatchObject({ message: each });
    }
    await send(ben.here, { messageGroupUuid }, 'Yes?');
    const { items } = await ben.here.messages.list.query({ messageGroupUuid });
    expect(items.map(({ message }) => message)).toEqual(['Hidden', 'Yes?']);
  });
});

describe('switched off on another instance', () => {
  it('receipts and typing are hidden both ways', async () => {
    const { ana, ben, messageGroupUuid, own, theirs } = await conversation();
    // Both are cached here before they change.
    await ana.here.messageGroups.markRead.mutate({ messageGroupUuid, createdAt: own.createdAt });
    await ana.here.messageGroups.signalTyping.mutate({ messageGroupUuid });
    const [ofAna, ofBen] = [await open(ana, server.url), await open(ben, server.url)];
    await ana.there.users.updateSettings.mutate({ sendsReadReceipts: false, sendsTyping: false });
    await expect.poll(() => typesOf(ofAna), LATER).toContain('settings');
    const { createdAt } = theirs;
    for (const { here } of [ana, ben]) {
      await here.messageGroups.signalTyping.mutate({ messageGroupUuid });
      await here.messageGroups.markRead.mutate({ messageGroupUuid, createdAt });
    }
    await send(ana.here, { messageGroupUuid }, 'End');
    for (const stream of [ofAna, ofBen]) await expect.poll(() => stream.texts(), LATER).toContain('End');
    for (const [stream, { uuid }] of [
      [ofAna, ana],
      [ofBen, ben],
    ] as const) {
      expect(typesOf(stream)).not.toContain('typing');
      const readers = stream.events.flatMap((event) => (event.type === 'read' ? [event.userUuid] : []));
      expect(readers).toEqual([uuid]);
    }
    for (const { here, uuid } of [ana, ben]) {
      const { items } = await here.messageGroups.readMarkers.query({ messageGroupUuid });
      expect(items.map(({ userUuid }) => userUuid)).toEqual([uuid]);
    }
  });
});

describe('a cleared conversation', () => {
  it('has no page with what was cleared: the newest, by cursors, and around a time', async () => {
    const { ana, ben, messageGroupUuid, own } = await conversation();
    const cleared = [];
    for (let n = 0; n < 6; n++) cleared.push(await send(ben.here, { messageGroupUuid }, `Old ${n}`));
    const before = await ana.here.messages.list.query({ messageGroupUuid, limit: 4 });
    const state = await ana.there.messageGroups.clear.mutate({ messageGroupUuid });
    expect(state.clearedThrough).toBe(cleared.at(-1)?.createdAt);
    const list = (options: { limit?: number; cursor?: string | null; around?: string }) =>
      ana.here.messages.list.query({ messageGroupUuid, ...options });
    const texts = ({ items }: Awaited<ReturnType<typeof list>>) => items.map(({ message }) => message);
    const end = { items: [], nextCursor: null, previousCursor: null, state };
    expect([await list({}), await list({ around: own.createdAt })]).toMatchObject([end, end]);
    expect(await list({ limit: 4, cursor: before.nextCursor })).toMatchObject({ items: [], nextCursor: null });

    const replyTo = { messageUuid: cleared[0]?.uuid ?? '', createdAt: cleared[0]?.createdAt ?? '' };
    for (let n = 0; n < 5; n++) {
      const draft = { message: `New ${n}`, clientMessageUuid: v7(), messageGroupUuid };
      await ben.here.messages.create.mutate(n === 0 ? { ...draft, replyTo } : draft);
    }
    const page = await list({ limit: 3 });
    expect(texts(page)).toEqual(['New 2', 'New 3', 'New 4']);
    const older = await list({ limit: 3, cursor: page.nextCursor });
    expect(texts(older)).toEqual(['New 0', 'New 1']);
    expect(older.nextCursor).toBeNull();
    // A quote shows nothing of what was cleared.
    expect(older.items[0]?.replyTo).toMatchObject({ excerpt: '', isDeleted: true });
    // Around a cleared message, it begins with the oldest one that is left.
    for (const [limit, left] of [
      [2, ['New 0']],
      [6, ['New 0', 'New 1', 'New 2']],
    ] as const) {
      const around = await list({ limit, around: own.createdAt });
      expect([texts(around), around.nextCursor]).toEqual([left, null]);
      const newer = await list({ cursor: around.previousCursor });
      expect([...texts(around), ...texts(newer)]).toEqual(['New 0', 'New 1', 'New 2', 'New 3', 'New 4']);
    }
    expect(await refusalOf(ana.here.messages.history.query(addressOf(own)))).toEqual(NOT_FOUND);
    const quoting = await ana.here.messages.history.query(addressOf(older.items[0] ?? own));
    expect(quoting.message.replyTo).toMatchObject({ excerpt: '', isDeleted: true });
    expect(texts(await list({ limit: 20, around: cleared.at(-1)?.createdAt ?? '' }))[0]).toBe('New 0');
    expect(texts(await ben.here.messages.list.query({ messageGroupUuid }))).toHaveLength(13);
  });

  it('keeps what came after the message that the page showed, and refuses what is not a time', async () => {
    const { ana, ben, messageGroupUuid, own } = await conversation();
    const seen = await send(ben.here, { messageGroupUuid }, 'Seen');
    const unseen = await send(ben.here, { messageGroupUuid }, 'Unseen');
    const clear = (through: string) => ana.there.messageGroups.clear.mutate({ messageGroupUuid, through });
    for (const through of ['', 'soon', '-1', '1969-12-31T23:59:59Z', '9'.repeat(41)]) {
      await expect(clear(through)).rejects.toMatchObject({ data: { reason: 'input_invalid' } });
    }
    expect(await clear(seen.createdAt)).toMatchObject({ clearedThrough: seen.createdAt });
    // Never back.
    expect(await clear(own.createdAt)).toMatchObject({ clearedThrough: seen.createdAt });
    expect(await ana.here.messages.list.query({ messageGroupUuid })).toMatchObject({
      items: [{ message: 'Unseen' }],
      nextCursor: null,
    });
    // Never further than there are messages.
    expect(await clear('9999-12-31T23:59:59.999999Z')).toMatchObject({ clearedThrough: unseen.createdAt });
    await send(ben.here, { messageGroupUuid }, 'Later');
    const { items } = await ana.here.messages.list.query({ messageGroupUuid });
    expect(items.map(({ message }) => message)).toEqual(['Later']);
  });
});

describe('a refusal', () => {
  const STATUS = { BAD_REQUEST: 400, FORBIDDEN: 403, NOT_FOUND: 404 } as const;

  it('has its code, reason and status', async () => {
    const { ana, ben, messageGroupUuid, own } = await conversation();
    const asked = await request();
    for (let n = 0; n < 2; n++) await send(asked.ana.here, { messageGroupUuid: asked.messageGroupUuid });
    const [suspended, blocked] = [await newPerson(), await newPerson()];
    await suspendPerson(server.services.store, suspended, { by: 'ada', reason: 'Sells lamps' });
    await ana.here.users.block.mutate({ handle: blocked.handle });
    for (let n = 0; n < 5; n++) {
      const { messageGroupUuid: pinned } = await send(ben.here, { handle: (await newPerson()).handle });
      await ben.here.messageGroups.update.mutate({ messageGroupUuid: pinned, isPinned: true });
    }
    const nowhere = { messageGroupUuid: '00000000-0000-4000-8000-000000000000' };
    const { messageGroups, users } = ana.here;
    const refused: [keyof typeof STATUS, string, Promise<unknown>][] = [
      ['BAD_REQUEST', 'recipient_unavailable', send(ana.here, { handle: blocked.handle })],
      ['BAD_REQUEST', 'recipient_unavailable', send(blocked.here, { handle: ana.handle })],
      ['BAD_REQUEST', 'request_pending', send(asked.ana.here, { messageGroupUuid: asked.messageGroupUuid })],
      ['FORBIDDEN', 'account_suspended', send(suspended.here, { handle: ana.handle })],
      ['BAD_REQUEST', 'pin_limit_reached', ben.here.messageGroups.update.mutate({ messageGroupUuid, isPinned: true })],
      ['BAD_REQUEST', 'report_of_own_message', ana.here.messages.report.mutate({ ...addressOf(own), reason: 'spam' })],
      ['BAD_REQUEST', 'recipient_is_self', users.block.mutate({ handle: ana.handle })],
      ['BAD_REQUEST', 'recipient_is_self', users.unblock.mutate({ handle: ana.handle })],
      ['NOT_FOUND', 'user_not_found', users.block.mutate({ handle: 'no-one-has-this' })],
      ['BAD_REQUEST', 'cursor_invalid', users.listBlocked.query({ cursor: 'none' })],
      ['BAD_REQUEST', 'cursor_invalid', messageGroups.list.query({ filter: 'requests', cursor: 'none' })],
      ['BAD_REQUEST', 'input_invalid', messageGroups.list.query({ filter: 'other' as 'all' })],
      ['BAD_REQUEST', 'input_invalid', messageGroups.update.mutate({ messageGroupUuid, mutedUntil: 'soon' })],
      ...[messageGroups.accept, messageGroups.decline, messageGroups.clear, messageGroups.update].map(
        (procedure): [keyof typeof STATUS, string, Promise<unknown>] => [
          'NOT_FOUND',
          'message_group_not_found',
          procedure.mutate(nowhere),
        ],
      ),
    ];
    const answers = await Promise.all(refused.map(([, , call]) => answerOf(call)));
    expect(answers).toEqual(refused.map(([code, reason]) => ({ code, reason, httpStatus: STATUS[code] })));
  });
});

async function answerOf(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const data = error instanceof TRPCClientError ? (error as TRPCClientError<AppRouter>).data : undefined;
  return { code: data?.code, reason: data?.reason, httpStatus: data?.httpStatus };
}
