import { randomUUID } from 'node:crypto';
import { createUser } from '@cruddur/db';
import { EPOCH, formatTime, keys, parseTime } from '@cruddur/ddb';
import pLimit from 'p-limit';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putItems } from '../../../tests/support/messages.ts';
import { clientOf, refusalOf, startTestServer, type TestServer } from './test-server.ts';

type Person = Awaited<ReturnType<TestServer['signIn']>>;

let server: TestServer;
let ana: Person;
let ben: Person;
let eve: Person;
let group: string;

beforeAll(async () => {
  server = await startTestServer();
  ana = await server.signIn('ana', 'Ana Lantern');
  ben = await server.signIn('Ben', 'Ben Harbour');
  eve = await server.signIn('eve', 'Eve Stranger');
  for (const each of [ana, ben, eve]) await each.api.users.me.query();
  const first = await ana.api.messages.create.mutate({ message: 'Hello', clientMessageUuid: v7(), handle: 'ben' });
  group = first.messageGroupUuid;
});

afterAll(() => server.stop());

describe('a conversation', () => {
  it('goes from one person to the other and back', async () => {
    const sent = await ben.api.messages.create.mutate({
      message: 'Hello yourself 👋',
      clientMessageUuid: v7(),
      messageGroupUuid: group,
    });
    expect(sent).toMatchObject({ messageGroupUuid: group, handle: 'Ben', displayName: 'Ben Harbour' });
    expect(sent.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    for (const { api } of [ana, ben]) {
      const page = await api.messages.list.query({ messageGroupUuid: group });
      expect(page.items.map(({ message }) => message)).toEqual(['Hello', 'Hello yourself 👋']);
      expect(page.items[1]).toEqual(sent);
    }
  });

  it('is one group for both, even if the other member writes by handle', async () => {
    const message = { message: 'By handle', clientMessageUuid: v7(), handle: 'ANA' };
    expect((await ben.api.messages.create.mutate(message)).messageGroupUuid).toBe(group);
  });

  it('is in the lists of both, is found by handle, and names the other member', async () => {
    for (const [each, other] of [
      [ana, { handle: 'Ben', displayName: 'Ben Harbour' }],
      [ben, { handle: 'ana', displayName: 'Ana Lantern' }],
    ] as const) {
      const { items } = await each.api.messageGroups.list.query();
      expect(items[0]).toMatchObject({ uuid: group, ...other });
      expect(await each.api.messageGroups.find.query({ handle: other.handle.toUpperCase() })).toEqual(items[0]);
      const { uuid } = await each.api.users.short.query({ handle: other.handle });
      const newest = await each.api.messages.list.query({ messageGroupUuid: group, limit: 1 });
      const older = await each.api.messages.list.query({ messageGroupUuid: group, cursor: newest.nextCursor });
      expect([newest.person, older.person]).toEqual(Array(2).fill({ uuid, ...other }));
    }
  });

  it('is found only by its members', async () => {
    expect(await eve.api.messageGroups.find.query({ handle: 'ben' })).toBeNull();
    expect(await ana.api.messageGroups.find.query({ handle: 'ana' })).toBeNull();
    expect(await refusalOf(ana.api.messageGroups.find.query({ handle: 'nobody' }))).toEqual({
      code: 'NOT_FOUND',
      reason: 'user_not_found',
    });
  });

  it('is counted as unread until it is read', async () => {
    const unread = { unread: 1, requests: 0, unreadGroupUuids: [group] };
    const { createdAt } = await ana.api.messages.create.mutate({
      message: 'Still there?',
      clientMessageUuid: v7(),
      messageGroupUuid: group,
    });
    expect(await ben.api.messageGroups.counts.query()).toEqual(unread);
    await ben.api.messageGroups.markRead.mutate({ messageGroupUuid: group, createdAt });
    expect(await ben.api.messageGroups.counts.query()).toEqual({ unread: 0, requests: 0, unreadGroupUuids: [] });
  });

  it('has the same uuid in capital letters', async () => {
    const messageGroupUuid = group.toUpperCase();
    const clientMessageUuid = v7();
    const message = 'In capitals';
    const sent = await ana.api.messages.create.mutate({
      message,
      clientMessageUuid: clientMessageUuid.toUpperCase(),
      messageGroupUuid,
    });
    expect(sent).toMatchObject({ uuid: clientMessageUuid, messageGroupUuid: group });
    const { items } = await ana.api.messages.list.query({ messageGroupUuid, limit: 1 });
    expect(items).toEqual([sent]);
    const { createdAt } = sent;
    const marker = await ana.api.messageGroups.markRead.mutate({ messageGroupUuid, createdAt });
    expect(marker.messageGroupUuid).toBe(group);
    const markers = await ana.api.messageGroups.readMarkers.query({ messageGroupUuid });
    expect(markers.items).toContainEqual(marker);
  });

  it('keeps difficult text exactly', async () => {
    const texts = [
      'a\u0000b',
      '\u202eright to left override',
      'مرحبا',
      '  spaces kept  ',
      '😀'.repeat(1024),
      'e\u0301',
    ];
    for (const message of texts) {
      const sent = await ana.api.messages.create.mutate({ message, clientMessageUuid: v7(), messageGroupUuid: group });
      const page = await ben.api.messages.list.query({ messageGroupUuid: group, limit: 1 });
      expect([sent.message, page.items[0]?.message]).toEqual([message, message]);
    }
  });

  it('is paged by cursor', async () => {
    const newest = await ana.api.messages.list.query({ messageGroupUuid: group, limit: 2 });
    const cursor = newest.nextCursor ?? '';
    const older = await ana.api.messages.list.query({ messageGroupUuid: group, limit: 100, cursor });
    const all = await ana.api.messages.list.query({ messageGroupUuid: group, limit: 100 });
    expect([...older.items, ...newest.items]).toEqual(all.items);
  });
});

describe('the lists of a person with a request, a muted and a cleared conversation', () => {
  it('show and count each where it belongs', async () => {
    const gil = await server.signIn('gil', 'Gil Oar');
    const { uuid } = await gil.api.users.me.query();
    const { store } = server.services;
    const draft = () => ({ message: 'Is the boat free?', clientMessageUuid: v7(), handle: 'gil' });
    const request = await ana.api.messages.create.mutate(draft());
    const muted = await ben.api.messages.create.mutate(draft());
    const cleared = await eve.api.messages.create.mutate(draft());
    const marker = ({ messageGroupUuid }: typeof request, attributes: object) => ({
      ...keys.readMarker(uuid, messageGroupUuid),
      ...attributes,
    });
    const at = parseTime(request.createdAt) ?? EPOCH;
    await putItems(store, [
      marker(request, { request: 'pending' }),
      { ...keys.request(uuid, at, request.messageGroupUuid), group_uuid: request.messageGroupUuid },
      marker(muted, { muted_until: 'always' }),
      marker(cleared, { cleared_through: formatTime(parseTime(cleared.createdAt) ?? EPOCH) }),
    ]);
    const { list, counts, find } = gil.api.messageGroups;
    const plain = {
      isPinned: false,
      isMarkedUnread: false,
      isBlockedByMe: false,
      canSend: true,
      awaitsAcceptance: false,
    };
    const isMuted = {
      ...plain,
      uuid: muted.messageGroupUuid,
      mutedUntil: 'always',
      isRequest: false,
      clearedThrough: null,
    };
    for (const filter of ['all', 'unread'] as const) {
      expect(await list.query({ filter })).toMatchObject({ items: [isMuted], nextCursor: null });
    }
    const isRequest = { ...plain, uuid: request.messageGroupUuid, mutedUntil: null, isRequest: true };
    expect(await list.query({ filter: 'requests' })).toMatchObject({ items: [isRequest], nextCursor: null });
    expect(await counts.query()).toEqual({ unread: 0, requests: 1, unreadGroupUuids: [] });
    const found = await find.query({ handle: 'eve' });
    expect(found).toMatchObject({ uuid: cleared.messageGroupUuid, message: '', clearedThrough: cleared.createdAt });
  });
});

describe('people', () => {
  it('are found by handle in any case', async () => {
    const { uuid } = await ben.api.users.me.query();
    expect(await ana.api.users.short.query({ handle: 'bEN' })).toEqual({
      uuid,
      handle: 'Ben',
      displayName: 'Ben Harbour',
    });
  });

  it('are found by the prefix of a handle or of a word of the name', async () => {
    for (const query of ['be', 'harb', 'BEN har']) {
      expect((await ana.api.users.search.query({ query })).map(({ handle }) => handle)).toEqual(['Ben']);
    }
    for (const query of ['', '%', "' OR 1=1 --", '\u0000', 'arbour']) {
      expect(await ana.api.users.search.query({ query })).toEqual([]);
    }
  });

  it('get their row at the first call, which returns the server time', async () => {
    const dora = await server.signIn('dora', 'Dora New');
    expect(await dora.api.messageGroups.list.query()).toEqual({ items: [], nextCursor: null });
    const me = await dora.api.users.me.query();
    expect(me).toMatchObject({ handle: 'dora', displayName: 'Dora New' });
    expect(Math.abs(Date.parse(me.serverTime) - Date.now())).toBeLessThan(60_000);
  });

  it('are refused if their handle is taken in another case', async () => {
    const { db } = server.services;
    await createUser(db, { handle: 'Finn', displayName: 'Finn', email: 'f@x.example', cognitoUserId: randomUUID() });
    const gil = await server.signIn('finn');
    expect(await refusalOf(gil.api.users.me.query())).toEqual({ code: 'CONFLICT', reason: 'handle_taken' });
  });
});

describe('refusals', () => {
  const create = (input: object, who = ana) =>
    refusalOf(
      who.api.messages.create.mutate({ message: 'Hi', clientMessageUuid: v7(), ...input } as {
        message: string;
        clientMessageUuid: string;
      }),
    );
  const badRequest = (reason: string) => ({ code: 'BAD_REQUEST', reason });
  const notFound = { code: 'NOT_FOUND', reason: 'message_group_not_found' };

  it('message_blank', async () => {
    for (const message of ['', ' \n\t', '\u200b\u200d\ufeff']) {
      expect(await create({ message, messageGroupUuid: group })).toEqual(badRequest('message_blank'));
    }
  });

  it('message_exceed_max_chars, from 1025 code points on', async () => {
    const refusal = await create({ message: '😀'.repeat(1025), messageGroupUuid: group });
    expect(refusal).toEqual(badRequest('message_exceed_max_chars'));
  });

  it('message_group_uuid_blank', async () => {
    expect(await create({})).toEqual(badRequest('message_group_uuid_blank'));
    expect(await create({ messageGroupUuid: '  ' })).toEqual(badRequest('message_group_uuid_blank'));
    const list = refusalOf(ana.api.messages.list.query({ messageGroupUuid: '' }));
    expect(await list).toEqual(badRequest('message_group_uuid_blank'));
  });

  it('user_receiver_handle_blank, user_not_found, recipient_is_self', async () => {
    expect(await create({ handle: ' ' })).toEqual(badRequest('user_receiver_handle_blank'));
    expect(await create({ handle: 'nobody' })).toEqual({ code: 'NOT_FOUND', reason: 'user_not_found' });
    expect(await create({ handle: 'ANA' })).toEqual(badRequest('recipient_is_self'));
    const short = refusalOf(ana.api.users.short.query({ handle: "' OR 1=1 --" }));
    expect(await short).toEqual({ code: 'NOT_FOUND', reason: 'user_not_found' });
  });

  it('message_group_not_found, the same for a stranger and for a missing group', async () => {
    for (const messageGroupUuid of [group, randomUUID()]) {
      expect(await refusalOf(eve.api.messages.list.query({ messageGroupUuid }))).toEqual(notFound);
      expect(await create({ messageGroupUuid }, eve)).toEqual(notFound);
    }
    const bodies = await Promise.all(
      [group, randomUUID()].map(async (messageGroupUuid) => {
        const input = encodeURIComponent(JSON.stringify({ messageGroupUuid }));
        const headers = { authorization: `Bearer ${eve.accessToken}` };
        const response = await fetch(`${server.url}/trpc/messages.list?input=${input}`, { headers });
        return (await response.text()).replace(/"requestId":"[^"]+"/, '');
      }),
    );
    expect(bodies[0]).toBe(bodies[1]);
  });

  it('cursor_invalid, for a cursor that is altered, invented or of another caller', async () => {
    const { nextCursor } = await ana.api.messages.list.query({ messageGroupUuid: group, limit: 1 });
    const altered = `${nextCursor?.slice(0, -2)}AA`;
    for (const cursor of [altered, 'bm90IGEgY3Vyc29y']) {
      const refusal = refusalOf(ana.api.messages.list.query({ messageGroupUuid: group, cursor }));
      expect(await refusal).toEqual(badRequest('cursor_invalid'));
    }
    const foreign = refusalOf(ben.api.messages.list.query({ messageGroupUuid: group, cursor: nextCursor }));
    expect(await foreign).toEqual(badRequest('cursor_invalid'));
    expect(await refusalOf(ana.api.messageGroups.list.query({ cursor: nextCursor }))).toEqual(
      badRequest('cursor_invalid'),
    );
  });

  it('client_message_uuid_from_future, for an id ahead of the server clock', async () => {
    const inTenMinutes = v7({ msecs: Date.now() + 600_000 });
    expect(await create({ messageGroupUuid: group, clientMessageUuid: inTenMinutes })).toEqual(
      badRequest('client_message_uuid_from_future'),
    );
  });

  it('input_invalid, for other invalid input', async () => {
    expect(await create({ messageGroupUuid: 'not-a-uuid' })).toEqual(badRequest('input_invalid'));
    expect(await create({ messageGroupUuid: group, handle: 'ben' })).toEqual(badRequest('input_invalid'));
    expect(await create({ messageGroupUuid: group, clientMessageUuid: 'x' })).toEqual(badRequest('input_invalid'));
    expect(await create({ messageGroupUuid: group, message: 7 })).toEqual(badRequest('input_invalid'));
    const limits = [0, 101, 1.5].map((limit) =>
      refusalOf(ana.api.messages.list.query({ messageGroupUuid: group, limit })),
    );
    for (const refusal of limits) expect(await refusal).toEqual(badRequest('input_invalid'));
  });

  it('input_invalid, for a lone surrogate, which could not be stored unchanged', async () => {
    const response = await fetch(`${server.url}/trpc/messages.create`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ana.accessToken}`, 'content-type': 'application/json' },
      body: `{"message":"a\\ud800","clientMessageUuid":"${v7()}","messageGroupUuid":"${group}"}`,
    });
    expect(await response.json()).toMatchObject({ error: { data: badRequest('input_invalid') } });
  });

  it('client_message_uuid_reused, for another text or place', async () => {
    const clientMessageUuid = v7();
    const first = { clientMessageUuid, messageGroupUuid: group };
    const sent = await ana.api.messages.create.mutate({ message: 'Once', ...first });
    expect(await ana.api.messages.create.mutate({ message: 'Once', ...first })).toEqual(sent);
    const reused = { code: 'CONFLICT', reason: 'client_message_uuid_reused' };
    expect(await create({ message: 'Twice', ...first })).toEqual(reused);
    expect(await create({ message: 'Once', clientMessageUuid, handle: 'eve' })).toEqual(reused);
  });

  it('rate_limited, per person, with the seconds to wait', async () => {
    const busy = await server.signIn('busy');
    await busy.api.users.me.query();
    // A few at a time: with all at once, the store is too slow for some on a busy machine.
    const limit = pLimit(10);
    const sends = Array.from({ length: 130 }, () => limit(() => create({ messageGroupUuid: randomUUID() }, busy)));
    const reasons = (await Promise.all(sends)).map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'rate_limited')).toHaveLength(10);
    expect(reasons.filter((reason) => reason === 'message_group_not_found')).toHaveLength(120);
    const response = await fetch(`${server.url}/trpc/messages.create`, {
      method: 'POST',
      headers: { authorization: `Bearer ${busy.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'Hi', clientMessageUuid: v7(), handle: 'ben' }),
    });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    await ana.api.messages.create.mutate({ message: 'Unharmed', clientMessageUuid: v7(), messageGroupUuid: group });
  });

  it('have no stack trace, and a request id that is in the log', async () => {
    const response = await fetch(`${server.url}/trpc/messages.list?input=not-json`, {
      headers: { authorization: `Bearer ${ana.accessToken}` },
    });
    const text = await response.text();
    expect(text).not.toMatch(/stack|node_modules|at .*\.ts/);
    const requestId = response.headers.get('x-request-id') ?? 'none';
    expect(server.lines.some((line) => line.includes(requestId))).toBe(true);
    expect(server.lines.join('')).not.toContain(ana.accessToken);
  });
});

describe('without a caller', () => {
  it('token_missing', async () => {
    const refusal = await refusalOf(clientOf(server.url).users.me.query());
    expect(refusal).toEqual({ code: 'UNAUTHORIZED', reason: 'token_missing' });
  });

  it('the health routes answer', async () => {
    const healthz = await fetch(`${server.url}/healthz`);
    expect([healthz.status, await healthz.json()]).toEqual([200, { status: 'ok' }]);
    const readyz = await fetch(`${server.url}/readyz`);
    expect([readyz.status, await readyz.json()]).toEqual([200, { status: 'ok', postgres: 'ok', dynamodb: 'ok' }]);
  });
});
