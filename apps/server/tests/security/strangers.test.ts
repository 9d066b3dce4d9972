import { randomUUID } from 'node:crypto';
import { type Item, scanItems } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStream } from '../open-stream.ts';
import { callOf } from '../send-request.ts';
import { startTestServer, type TestServer } from '../test-server.ts';

type Person = Awaited<ReturnType<TestServer['signIn']>>;

let server: TestServer;
let ana: Person;
let ben: Person;
let eve: Person;
/** Ana's and Ben's, and their newest message. */
let group: string;
let sent: { uuid: string; createdAt: string };

beforeAll(async () => {
  server = await startTestServer();
  [ana, ben, eve] = [await server.signIn('ana'), await server.signIn('ben'), await server.signIn('eve')];
  for (const each of [ana, ben, eve]) await each.api.users.me.query();
  for (const message of ['Between us', 'And more']) {
    const written = await ana.api.messages.create.mutate({ message, clientMessageUuid: v7(), handle: 'ben' });
    [group, sent] = [written.messageGroupUuid, written];
  }
});

afterAll(() => server.stop());

/** All items of the table, in a fixed order. */
async function tableNow(): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of scanItems(server.services.store)) items.push(...page);
  const keyOf = ({ pk, sk }: Item) => `${String(pk)} ${String(sk)}`;
  return items.sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
}

/** What an attacker can compare of two answers. */
async function looksOf(response: Response) {
  const headers = [...response.headers].filter(([name]) => name !== 'date' && name !== 'x-request-id');
  return { status: response.status, headers, body: (await response.text()).replace(/"requestId":"[^"]+"/, '') };
}

/** Counts the calls of DynamoDB by name while a function runs. */
async function countingCalls<T>(run: () => Promise<T>): Promise<{ result: T; calls: string[] }> {
  const calls: string[] = [];
  const { middlewareStack } = server.services.store.client;
  middlewareStack.add(
    (next, context) => (args) => {
      calls.push(context.commandName ?? '');
      return next(args);
    },
    { step: 'initialize', name: 'count' },
  );
  const result = await run();
  middlewareStack.remove('count');
  return { result, calls: calls.sort() };
}

/** Of a message of theirs, whose uuid and time the stranger has come to know. */
const addressIn = (messageGroupUuid: string) => ({
  messageGroupUuid,
  messageUuid: sent.uuid,
  createdAt: sent.createdAt,
});

const ATTACKS: [string, 'GET' | 'POST', (messageGroupUuid: string) => object][] = [
  ['messages.list', 'GET', (messageGroupUuid) => ({ messageGroupUuid })],
  [
    'messages.create',
    'POST',
    (messageGroupUuid) => ({ messageGroupUuid, message: 'Let me in', clientMessageUuid: v7() }),
  ],
  [
    'messages.create',
    'POST',
    (messageGroupUuid) => ({
      messageGroupUuid,
      message: 'What did they write?',
      clientMessageUuid: v7(),
      replyTo: { messageUuid: sent.uuid, createdAt: sent.createdAt },
    }),
  ],
  ['messages.react', 'POST', (messageGroupUuid) => ({ ...addressIn(messageGroupUuid), emoji: '👍', isOn: true })],
  ['messages.edit', 'POST', (messageGroupUuid) => ({ ...addressIn(messageGroupUuid), message: 'Mine', revision: 0 })],
  ['messages.delete', 'POST', (messageGroupUuid) => addressIn(messageGroupUuid)],
  ['messages.history', 'GET', (messageGroupUuid) => addressIn(messageGroupUuid)],
  ['messages.report', 'POST', (messageGroupUuid) => ({ ...addressIn(messageGroupUuid), reason: 'abuse' })],
  ['messages.list', 'GET', (messageGroupUuid) => ({ messageGroupUuid, around: sent.createdAt, consistentRead: true })],
  ['messages.search', 'GET', (messageGroupUuid) => ({ messageGroupUuid, query: 'us' })],
  ['messageGroups.markRead', 'POST', (messageGroupUuid) => ({ messageGroupUuid, createdAt: '2026-11-20T08:00:00Z' })],
  ['messageGroups.readMarkers', 'GET', (messageGroupUuid) => ({ messageGroupUuid })],
  ['messageGroups.signalTyping', 'POST', (messageGroupUuid) => ({ messageGroupUuid })],
];

describe("another pair's group", () => {
  it.each(ATTACKS)(
    'is to %s as if it were absent: same answer, same calls, nothing written',
    async (name, method, input) => {
      const call = callOf(server.url, eve.accessToken);
      const before = await tableNow();
      const [theirs, absent] = [
        await countingCalls(async () => looksOf(await call(name, input(group), { method }))),
        await countingCalls(async () => looksOf(await call(name, input(randomUUID()), { method }))),
      ];
      expect(theirs).toEqual(absent);
      expect(theirs.result.status).toBe(404);
      expect(theirs.result.body).toContain('message_group_not_found');
      expect(await tableNow()).toEqual(before);
    },
  );

  it('is in no stream, list or search of a stranger', async () => {
    const [stream, witness] = await Promise.all([
      openStream(server.url, eve.accessToken),
      openStream(server.url, ben.accessToken),
    ]);
    await ana.api.messages.create.mutate({ message: 'Whispered', clientMessageUuid: v7(), messageGroupUuid: group });
    await ana.api.messages.edit.mutate({ ...addressIn(group), message: 'And less', revision: 0 });
    await ana.api.messageGroups.signalTyping.mutate({ messageGroupUuid: group });
    await expect.poll(() => witness.events.at(-1)?.type).toBe('typing');
    expect(stream.events.map(({ type }) => type)).toEqual(['caught_up']);
    for (const each of [stream, witness]) each.close();
    expect(await eve.api.messageGroups.list.query()).toEqual({ items: [], nextCursor: null });
  });

  it('opens with no cursor of a member or of another list', async () => {
    const { nextCursor: ofThread } = await ana.api.messages.list.query({ messageGroupUuid: group, limit: 1 });
    await eve.api.messages.create.mutate({ message: 'Hello', clientMessageUuid: v7(), handle: 'ben' });
    const own = await eve.api.messageGroups.list.query();
    const ownGroup = own.items[0]?.uuid ?? '';
    const call = callOf(server.url, eve.accessToken);
    const tries = [
      call('messages.list', { messageGroupUuid: ownGroup, cursor: ofThread }, { method: 'GET' }),
      call('messageGroups.list', { cursor: ofThread }, { method: 'GET' }),
    ];
    for (const response of await Promise.all(tries)) {
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('cursor_invalid');
    }
    const theirs = await call('messages.list', { messageGroupUuid: group, cursor: ofThread }, { method: 'GET' });
    expect(theirs.status).toBe(404);
  });
});

describe('forged fields', () => {
  it('of sender, time and prototype are ignored', async () => {
    const clientMessageUuid = v7();
    const forged = `{"message":"From ben?","clientMessageUuid":"${clientMessageUuid}","messageGroupUuid":"${group}",
      "userUuid":"${ben.sub}","user_uuid":"${ben.sub}","handle2":"ben","displayName":"Ben","createdAt":"2001-01-01T00:00:00Z",
      "sk":"2001-01-01T00:00:00.000000+00:00","pk":"GRP#${ben.sub}","uuid":"${randomUUID()}","isAdmin":true,
      "__proto__":{"isAdmin":true,"message":"polluted"},"constructor":{"prototype":{"isAdmin":true}}}`;
    const response = await callOf(server.url, ana.accessToken)('messages.create', forged);
    const { result } = (await response.json()) as { result: { data: Record<string, string> } };
    const me = await ana.api.users.me.query();
    expect(result.data).toMatchObject({
      uuid: clientMessageUuid,
      userUuid: me.uuid,
      handle: 'ana',
      message: 'From ben?',
    });
    expect(Math.abs(Date.parse(result.data.createdAt ?? '') - Date.now())).toBeLessThan(60_000);
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
    const item = (await tableNow()).find(({ message_uuid }) => message_uuid === clientMessageUuid);
    expect(Object.keys(item ?? {}).sort()).toEqual(OWN_ATTRIBUTES);
  });

  it.each(['__proto__', 'constructor', 'toString', '_def', 'messages.__proto__', 'messages.create.caller'])(
    'no procedure is called %s',
    async (name) => {
      expect((await callOf(server.url, ana.accessToken)(name, {})).status).toBe(404);
    },
  );
});

const OWN_ATTRIBUTES = ['message', 'message_uuid', 'pk', 'sk', 'user_display_name', 'user_handle', 'user_uuid'];
