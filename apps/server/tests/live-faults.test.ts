import { connect } from 'node:net';
import { createDatabase } from '@cruddur/db';
import { sql } from 'drizzle-orm';
import { Client } from 'pg';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CuttableProxy, startCuttableProxy } from '../../../tests/support/cuttable-proxy.ts';
import { forgeToken } from './forge-token.ts';
import { openStream, type TestStream } from './open-stream.ts';
import { startServerProcess } from './server-process.ts';
import { clientOf, type Instance, startTestServer, type TestServer } from './test-server.ts';

type Person = Awaited<ReturnType<TestServer['signIn']>>;

let server: TestServer;
let other: Instance;
/** The network between the other instance and PostgreSQL. */
let postgres: CuttableProxy;
let ana: Person;
let ben: Person;
let group: string;
const streams: TestStream[] = [];

beforeAll(async () => {
  server = await startTestServer();
  postgres = await startCuttableProxy(server.stack.postgres.url);
  other = await server.startInstance({ postgres: { ...server.stack.postgres, url: postgres.url } });
  [ana, ben] = [await server.signIn('ana'), await server.signIn('ben')];
  for (const each of [ana, ben]) await each.api.users.me.query();
  const first = await ana.api.messages.create.mutate({ message: 'Hello', clientMessageUuid: v7(), handle: 'ben' });
  group = first.messageGroupUuid;
});

afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await postgres.restore();
  await expect.poll(() => server.services.streams.count()).toBe(0);
});

afterAll(async () => {
  await server.stop();
  await postgres.cut();
});

async function open(person: Person, url: string): Promise<TestStream> {
  const stream = await openStream(url, person.accessToken);
  streams.push(stream);
  return stream;
}

const write = (person: Person, message: string) =>
  person.api.messages.create.mutate({ message, clientMessageUuid: v7(), messageGroupUuid: group });
/** The SQL of a query, however it is given. */
const textOf = (query: unknown) =>
  typeof query === 'string' ? query : String((query as { text?: string } | undefined)?.text);
const caughtUp = (stream: TestStream) => stream.events.filter(({ type }) => type === 'caught_up').length;
const LATER = { timeout: 30_000, interval: 50 };

describe('between instances', () => {
  it('a lost listener reconnects, and every stream catches up', async () => {
    const stream = await open(ben, other.url);
    await postgres.cut();
    await write(ana, 'While no one listened');
    expect(stream.texts()).not.toContain('While no one listened');
    const before = caughtUp(stream);
    await postgres.restore();
    await expect.poll(() => caughtUp(stream), LATER).toBeGreaterThan(before);
    await expect.poll(() => stream.texts(), LATER).toContain('While no one listened');
    await write(ana, 'Heard again');
    await expect.poll(() => stream.texts(), LATER).toContain('Heard again');
  });

  it('a listener reconnects when PostgreSQL ends its connection', async () => {
    const stream = await open(ben, other.url);
    const admin = createDatabase(server.stack.postgres.url);
    await admin.db.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cruddur-listener'`,
    );
    await admin.close();
    await expect.poll(() => caughtUp(stream), LATER).toBeGreaterThan(1);
    await write(ana, 'After the end of a session');
    await expect.poll(() => stream.texts(), LATER).toContain('After the end of a session');
  });

  it('a message is acknowledged while PostgreSQL is down, and delivered to other instances when it is back', async () => {
    const [here, there] = [await open(ben, other.url), await open(ben, server.url)];
    // This call caches Ana.
    const api = clientOf(other.url, ana.accessToken);
    await api.users.me.query();
    await postgres.cut();
    const message = { message: 'PostgreSQL is asleep', clientMessageUuid: v7(), messageGroupUuid: group };
    await api.messages.create.mutate(message);
    await expect.poll(() => here.texts()).toContain(message.message);
    expect(there.texts()).not.toContain(message.message);
    await postgres.restore();
    await expect.poll(() => there.texts(), LATER).toContain(message.message);
  });
});

describe('a notification', () => {
  it('never shares a transaction with a write: commits that notify wait for each other, and would for the disk (docs/scale.md)', async () => {
    const query = vi.spyOn(Client.prototype, 'query');
    const { messageGroups, messages, users } = ana.api;
    const { messageUuid, createdAt } = await write(ana, 'First').then(({ uuid, ...sent }) => ({
      messageUuid: uuid,
      ...sent,
    }));
    const address = { messageGroupUuid: group, messageUuid, createdAt };
    await messages.edit.mutate({ ...address, message: 'Second', revision: 0 });
    await messages.react.mutate({ ...address, emoji: '👍', isOn: true });
    await messageGroups.signalTyping.mutate({ messageGroupUuid: group });
    await messageGroups.markRead.mutate({ messageGroupUuid: group, createdAt });
    await messageGroups.update.mutate({ messageGroupUuid: group, isPinned: true });
    await users.updateSettings.mutate({ sendsTyping: true });
    await users.block.mutate({ handle: 'ben' });
    await users.unblock.mutate({ handle: 'ben' });
    const statements = query.mock.calls.map(([statement]) => textOf(statement));
    query.mockRestore();
    const notifying = statements.filter((text) => text.includes('pg_notify'));
    expect(notifying.length).toBeGreaterThanOrEqual(8);
    for (const text of notifying)
      expect(text).toMatch(/^select pg_notify\(\$1, payload\) from json_array_elements_text/);
    // The settings were written.
    expect(statements.some((text) => text.startsWith('insert into "user_settings"'))).toBe(true);
    // Each of the statements commits by itself.
    expect(statements.filter((text) => /^\s*(begin|start transaction|savepoint)/i.test(text))).toEqual([]);
    // Nothing in the database notifies either.
    const { db, close } = createDatabase(server.stack.postgres.url);
    const { rows } = await db.execute(
      sql`select proname from pg_proc where pronamespace::regnamespace::text not in ('pg_catalog', 'information_schema')`,
    );
    await close();
    expect(rows).toEqual([]);
  });
});

describe('an instance that dies', () => {
  it('after it stored a message and before it published it leaves no open page without it for more than a minute', async () => {
    const network = await startCuttableProxy(server.stack.postgres.url);
    const dying = await startServerProcess(server, { DATABASE_URL: network.url });
    try {
      const stream = await open(ben, server.url);
      const api = clientOf(dying.url, ana.accessToken);
      await api.users.me.query();
      await network.cut();
      const message = { message: 'My last words', clientMessageUuid: v7(), messageGroupUuid: group };
      await api.messages.create.mutate(message);
      dying.kill();
      await expect.poll(() => stream.texts(), { timeout: 60_000, interval: 100 }).toContain(message.message);
    } finally {
      dying.kill();
      await network.cut();
    }
  });
});

describe('a stream', () => {
  it('ends with token_expired when its token does', async () => {
    const brief = await forgeToken(server.cognito, { sub: ben.sub, exp: Math.floor(Date.now() / 1000) + 4 });
    const stream = await openStream(server.url, brief);
    streams.push(stream);
    expect(stream.error()).toBeUndefined();
    await expect.poll(() => stream.error()?.data?.reason, LATER).toBe('token_expired');
    await expect.poll(() => server.services.streams.count()).toBe(0);
  });

  it('is not opened without a valid token', async () => {
    const stream = await openStream(server.url, 'none');
    expect(stream.error()?.data).toMatchObject({ code: 'UNAUTHORIZED', reason: 'token_invalid' });
  });

  it('is closed on the server when the page closes it', async () => {
    const stream = await open(ben, server.url);
    expect(server.services.streams.count()).toBe(1);
    stream.close();
    await expect.poll(() => server.services.streams.count()).toBe(0);
  });

  it('is refused with rate_limited to a person with twenty streams, and to no one else', async () => {
    await Promise.all(Array.from({ length: 20 }, () => open(ben, server.url)));
    const onemore = await open(ben, server.url);
    expect(onemore.error()?.data).toMatchObject({ reason: 'rate_limited', retryAfter: 30 });
    expect((await open(ana, server.url)).error()).toBeUndefined();
    expect(server.services.streams.count()).toBe(21);
  });

  it('calls no store while nothing happens', async () => {
    const quiet = await server.signIn('quiet');
    await quiet.api.users.me.query();
    const calls: { command: string | undefined; at: number }[] = [];
    const { client } = server.services.store;
    client.middlewareStack.add(
      (next, context) => (args) => {
        calls.push({ command: context.commandName, at: performance.now() });
        return next(args);
      },
      { step: 'initialize', name: 'watch' },
    );
    const openedAt = performance.now();
    await open(quiet, server.url);
    await expect.poll(() => calls.length, LATER).toBeGreaterThanOrEqual(3);
    client.middlewareStack.remove('watch');
    // The catch-up, and two checks for rows that the Lambda has moved since, 1 s and 5 s later. Nothing in between: a
    // call more would be the third, before its time. A timer may fire a millisecond early.
    expect(calls.map(({ command }) => command)).toEqual(Array(3).fill('QueryCommand'));
    expect((calls[2]?.at ?? 0) - openedAt).toBeGreaterThan(4_990);
  });

  it('is dropped when its reader does not read, and delays no one', async () => {
    const { port, hostname } = new URL(server.url);
    const deaf = connect(Number(port), hostname);
    deaf.write(
      `GET /trpc/events.subscribe?input=%7B%7D HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${ben.accessToken}\r\n\r\n`,
    );
    deaf.pause();
    await expect.poll(() => server.services.streams.count()).toBe(1);
    const witness = await open(ben, server.url);
    const { bus } = server.services;
    const [one, two] = [await ana.api.users.me.query(), await ben.api.users.me.query()];
    const message = { ...(await write(ana, 'x')), message: 'x'.repeat(100_000) };
    const typing = { type: 'typing', messageGroupUuid: group, userUuid: one.uuid, toUuid: two.uuid } as const;
    // The kernel buffers some megabytes for a reader. After that, events wait in the queue until it is full.
    for (let i = 0; i < 20_000 && server.services.streams.count() > 1; i++) {
      void bus.publish(i < 150 ? { type: 'message', message, members: [one, two] } : typing);
      if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => server.services.streams.count()).toBe(1);
    await write(ana, 'Still here');
    await expect.poll(() => witness.texts(), LATER).toContain('Still here');
    deaf.destroy();
  });
});

describe('the end of an instance', () => {
  it('does not wait for its streams, and lets them reconnect', async () => {
    const third = await server.startInstance();
    const stream = await open(ben, third.url);
    const startedAt = performance.now();
    await third.stop();
    // A stream lasts as long as its token, for most of an hour.
    expect(performance.now() - startedAt).toBeLessThan(60_000);
    // The client reconnects, because the stream ended without an error.
    expect(stream.error()).toBeUndefined();
  });
});
