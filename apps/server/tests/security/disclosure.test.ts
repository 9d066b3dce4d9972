import { keys, micros } from '@cruddur/ddb';
import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CuttableProxy } from '../../../../tests/support/cuttable-proxy.ts';
import { putItems } from '../../../../tests/support/messages.ts';
import { callOf } from '../send-request.ts';
import { startServerProcess } from '../server-process.ts';
import { startCuttableServer, type TestServer } from '../test-server.ts';

let server: TestServer;
let ana: Awaited<ReturnType<TestServer['signIn']>>;
let group: string;
let dynamodb: CuttableProxy;
let postgres: CuttableProxy;
/** Everything that callers received. */
const answers: string[] = [];

const MARK = 'SELECT secret FROM vault WHERE pk = MSG#1 AKIAEXAMPLE';

let stop: () => Promise<void>;

beforeAll(async () => {
  ({ server, dynamodb, postgres, ana, group, stop } = await startCuttableServer());
});

afterEach(async () => {
  server.services.store.client.middlewareStack.remove('fault');
  await Promise.all([dynamodb.restore(), postgres.restore()]);
});

afterAll(() => stop());

/** Makes a call, and records its answer. Returns the status, and the request id in the log. */
async function ask(procedure: string, input: unknown, method: 'GET' | 'POST' = 'GET') {
  const response = await callOf(server.url, ana.accessToken)(procedure, input, { method });
  const body = await response.text();
  answers.push(body, JSON.stringify([...response.headers]));
  const { error } = JSON.parse(body) as { error?: { message: string; data: { requestId: string } } };
  return { status: response.status, message: error?.message, requestId: error?.data.requestId ?? '' };
}

function failStore(error: Error): void {
  server.services.store.client.middlewareStack.add(
    () => () => {
      throw error;
    },
    { step: 'initialize', name: 'fault', priority: 'high' },
  );
}

function expectLoggedError(requestId: string, fields: object): void {
  const line = server.lines
    .map((each) => JSON.parse(each))
    .find((each) => each.reqId === requestId && each.level === 50);
  expect(line).toMatchObject({ msg: 'unexpected error', err: fields });
}

const EVENT_STREAM = { method: 'GET', headers: { accept: 'text/event-stream' } };
const OURS = 'Internal error.';

describe('an unexpected error', () => {
  it('of the store is answered with an id that is in the log, with the place', async () => {
    failStore(Object.assign(new Error(MARK), { name: 'ValidationException', code: 'EVAULT' }));
    const { status, message, requestId } = await ask('messages.list', { messageGroupUuid: group });
    expect([status, message]).toEqual([500, OURS]);
    expectLoggedError(requestId, { type: 'ValidationException', code: 'EVAULT' });
  });

  it('of PostgreSQL is logged with its code, and without the statement', async () => {
    const { db } = server.services;
    await db.execute(sql`alter table users rename to hidden_users`);
    const { status, message, requestId } = await ask('users.search', { query: 'needle-in-a-haystack' });
    await db.execute(sql`alter table hidden_users rename to users`);
    expect([status, message]).toEqual([500, OURS]);
    expectLoggedError(requestId, { cause: { code: '42P01' } });
  });

  it('of the search index is logged without the query', async () => {
    const { db } = server.services;
    await db.execute(sql`alter table search_messages rename to hidden_messages`);
    const { status, message, requestId } = await ask('messages.search', { query: 'needle-in-a-haystack' });
    await db.execute(sql`alter table hidden_messages rename to search_messages`);
    expect([status, message]).toEqual([500, OURS]);
    expectLoggedError(requestId, { cause: { code: '42P01' } });
  });

  it('of our own code is logged with its place', async () => {
    const mistake = new TypeError('handle.fold is not a function');
    vi.spyOn(server.services.people, 'byHandle').mockRejectedValueOnce(mistake);
    const { status, message, requestId } = await ask('users.short', { handle: 'ben' });
    expect([status, message]).toEqual([500, OURS]);
    const at = expect.stringMatching(/^apps\/server\/\S+\.ts:\d+:\d+$/);
    expectLoggedError(requestId, { type: 'TypeError', message: 'handle.fold is not a function', at });
  });

  it('in a stream ends it without details', async () => {
    failStore(new Error(MARK));
    const response = await callOf(server.url, ana.accessToken)('events.subscribe', {}, EVENT_STREAM);
    let received = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) received += chunk;
    expect(received).toContain('serialized-error');
    expect(received).toContain(OURS);
    answers.push(received);
  });

  it('does not occur while a store is down', async () => {
    await Promise.all([dynamodb.cut(), postgres.cut()]);
    expect((await ask('messages.list', { messageGroupUuid: group })).status).toBe(503);
    expect((await ask('users.search', { query: 'ben' })).status).toBe(503);
    expect((await ask('messages.search', { query: 'needle-in-a-haystack' })).status).toBe(503);
    answers.push(await (await fetch(`${server.url}/readyz`)).text());
  });

  it('does not occur for nonsense input', async () => {
    const nonsense = { messageGroupUuid: group, cursor: `${MARK}${'a'.repeat(500)}` };
    expect((await ask('messages.list', nonsense)).status).toBe(400);
    expect((await ask('messages.list', { messageGroupUuid: MARK })).status).toBe(400);
    expect((await ask('messages.create', `{"message":${MARK}`, 'POST')).status).toBe(400);
    expect((await ask('users.search', { query: { $ne: MARK } })).status).toBe(400);
  });
});

describe('an error that no caller waits for', () => {
  it('is logged without the message that was to be published, and a malformed item with its key', async () => {
    const child = await startServerProcess(server, {});
    const call = callOf(child.url, ana.accessToken);
    const malformed = { ...keys.message(group, micros(1)), message: 'never-logged' };
    await putItems(server.services.store, [malformed]);
    expect((await call('messages.list', { messageGroupUuid: group }, { method: 'GET' })).status).toBe(200);
    await postgres.cut();
    const message = { message: 'never-logged', clientMessageUuid: v7(), messageGroupUuid: group };
    const created = await call('messages.create', message, { method: 'POST' });
    const { result } = (await created.json()) as { result: { data: { uuid: string; createdAt: string } } };
    const { uuid: messageUuid, createdAt } = result.data;
    const edit = { messageGroupUuid: group, messageUuid, createdAt, message: 'never-logged either', revision: 0 };
    expect((await call('messages.edit', edit, { method: 'POST' })).status).toBe(200);
    await child.stop();
    expect(child.output()).toContain(`malformed item ${malformed.pk} ${malformed.sk}`);
    expect(child.output()).toContain('packages/db/src/notifications.ts');
    expect(child.output()).not.toContain('never-logged');
  });
});

// Last, since it checks all answers and lines of the tests before.
describe('all answers and log lines', () => {
  const said = () => ({ answers: answers.join('\n'), log: server.lines.join('\n') });

  it.each([
    ['a stack trace', /\bat .{0,80}[(/\\].{0,200}:\d+:\d+|node_modules|node:internal/],
    ['SQL', /\b(select|insert|update|delete)\b.{0,60}\b(from|into|set)\b|relation "|hidden_users|\$1/i],
    ['a key or an attribute of the table', /(MSG|GRP|GROUP|PAIR|USER|RECEIPT|READ|EDIT)#|\bpk\b|\bsk\b|user_uuid/],
    ['what a request searched for', /needle-in-a-haystack/],
    ['a secret', /AKIAEXAMPLE|a secret for the cursors|postgres:\w+@|"authorization"/],
    ['an address of a store', /127\.0\.0\.1:\d+\/test|ECONNREFUSED 127/],
  ])('contain no trace of %s', (_, pattern) => {
    for (const [where, text] of Object.entries(said())) expect(pattern.exec(text)?.[0], where).toBeUndefined();
  });

  it('contain no part of a token', () => {
    const [head = '', claims = '', signature = ''] = ana.accessToken.split('.');
    for (const text of Object.values(said())) {
      for (const part of [head, claims, signature]) expect(text).not.toContain(part);
    }
  });
});
