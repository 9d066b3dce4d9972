import { traceCalls } from '@cruddur/ddb';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CuttableProxy, startCuttableProxy } from '../../../tests/support/cuttable-proxy.ts';
import { firstAttemptId } from '../../../tests/support/first-attempt-id.ts';
import type { AppRouter } from '../src/router.ts';
import { openStream } from './open-stream.ts';
import { startTestServer, type TestServer } from './test-server.ts';

type Person = Awaited<ReturnType<TestServer['signIn']>> & { uuid: string };

interface Line {
  msg: string;
  reqId: string;
  path?: string;
  status?: number;
  ms: number;
  procedures?: string[];
  caller?: string;
  readUnits?: number;
  writeUnits?: number;
  reasons?: string[];
  events?: number;
}

const SECRET = 'The swallow sings at noon';

let server: TestServer;
let dynamodb: CuttableProxy;
let ana: Person;
let ben: Person;
let group: string;
/** Units as the DynamoDB client reports them. */
let measured = 0;

beforeAll(async () => {
  server = await startTestServer({
    async via(url) {
      if (!url.startsWith('http')) return url;
      dynamodb = await startCuttableProxy(url);
      return dynamodb.url;
    },
  });
  traceCalls(server.services.store.client, ({ units = 0 }) => (measured += units));
  [ana, ben] = [await enter('ana'), await enter('ben')];
  const first = await ana.api.messages.create.mutate({
    message: SECRET,
    clientMessageUuid: firstAttemptId(),
    handle: 'ben',
  });
  group = first.messageGroupUuid;
});

afterAll(async () => {
  await server.stop();
  await dynamodb.cut();
});

async function enter(handle: string): Promise<Person> {
  const person = await server.signIn(handle);
  return { ...person, uuid: (await person.api.users.me.query()).uuid };
}

const send = (person = ana, message = SECRET) =>
  person.api.messages.create.mutate({ message, clientMessageUuid: firstAttemptId(), messageGroupUuid: group });
const all = () => server.lines.map((line) => JSON.parse(line) as Line);
/** Without the line that counts messages, which is written once a minute. */
const linesSince = (start: number) =>
  all()
    .slice(start)
    .filter(({ msg }) => msg !== 'messages written');

/** The log lines of a call, and the units of its store calls. */
async function linesOf(act: () => Promise<unknown>, count = 1): Promise<{ lines: Line[]; units: number }> {
  const [start, unitsBefore] = [server.lines.length, measured];
  await act();
  await expect.poll(() => linesSince(start)).toHaveLength(count);
  return { lines: linesSince(start), units: measured - unitsBefore };
}

it('the first message that an instance writes is counted in a line at once', () => {
  expect(all().filter(({ msg }) => msg === 'messages written')).toContainEqual(expect.objectContaining({ count: 1 }));
});

describe('the line of a request', () => {
  it('has caller, procedure, duration and the units that the client reported', async () => {
    const { lines, units } = await linesOf(send);
    expect(units).toBe(3);
    expect(lines).toMatchObject([
      {
        msg: 'request',
        status: 200,
        procedures: ['messages.create'],
        caller: ana.uuid,
        readUnits: 1,
        writeUnits: 2,
      },
    ]);
    expect(lines[0]?.ms).toBeGreaterThan(0);
    const read = await linesOf(() => ben.api.messages.list.query({ messageGroupUuid: group }));
    expect(read.units).toBeGreaterThan(0);
    expect(read.lines).toMatchObject([{ caller: ben.uuid, readUnits: read.units, writeUnits: 0 }]);
  });

  it('has only its own units among simultaneous requests', async () => {
    const list = () => ben.api.messageGroups.list.query();
    const { lines, units } = await linesOf(() => Promise.all([1, 2, 3, 4, 5].flatMap(() => [send(), list()])), 10);
    for (const line of lines) {
      const isSend = line.procedures?.[0] === 'messages.create';
      expect(line.writeUnits).toBe(isSend ? 2 : 0);
      if (isSend) expect(line.readUnits).toBe(1);
      expect(line.caller).toBe(isSend ? ana.uuid : ben.uuid);
    }
    const sum = lines.reduce((total, { readUnits = 0, writeUnits = 0 }) => total + readUnits + writeUnits, 0);
    expect(sum).toBe(units);
  });

  it('names the procedures of a batch, and the reasons of refusals', async () => {
    const headers = { authorization: `Bearer ${ana.accessToken}` };
    const api = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${server.url}/trpc`, headers })] });
    const { lines } = await linesOf(() =>
      Promise.allSettled([api.users.me.query(), api.users.short.query({ handle: 'nobody' })]),
    );
    expect(lines[0]).toMatchObject({ procedures: ['users.me', 'users.short'], reasons: ['user_not_found'] });
  });

  it('has no caller if the token is invalid', async () => {
    const { lines } = await linesOf(() => fetch(`${server.url}/trpc/users.me`));
    expect(lines[0]).toMatchObject({ status: 401, reasons: ['token_missing'] });
    expect(lines[0]).not.toHaveProperty('caller');
  });

  it('is written for a client that leaves before its answer', async () => {
    dynamodb.freeze();
    const url = `${server.url}/trpc/messageGroups.list`;
    const headers = { authorization: `Bearer ${ana.accessToken}` };
    const { lines } = await linesOf(() =>
      fetch(url, { headers, signal: AbortSignal.timeout(200) }).catch(() => undefined),
    );
    await dynamodb.restore();
    expect(lines[0]).toMatchObject({ msg: 'request', status: 499, path: '/trpc/messageGroups.list', caller: ana.uuid });
  });
});

it('a stream has a line when it opens and one at its end, with duration, events and units', async () => {
  const [start, unitsBefore] = [server.lines.length, measured];
  const stream = await openStream(server.url, ben.accessToken);
  await send();
  await expect.poll(stream.texts).toContain(SECRET);
  const events = stream.events.length;
  stream.close();
  const ofStream = () => linesSince(start).filter(({ procedures }) => procedures?.[0] === 'events.subscribe');
  await expect.poll(() => ofStream().length).toBe(2);
  const [opened, ended] = ofStream();
  expect(opened).toMatchObject({ msg: 'stream opened', caller: ben.uuid, reqId: ended?.reqId });
  expect(ended).toMatchObject({ msg: 'stream ended', caller: ben.uuid, events, writeUnits: 0 });
  expect(ended?.ms).toBeGreaterThan(opened?.ms ?? 0);
  // All units meanwhile, except those of the one message.
  expect(ended?.readUnits).toBe(measured - unitsBefore - 3);
});

it('no line contains message texts, emails or tokens', () => {
  const log = server.lines.join('');
  for (const secret of [SECRET, ana.accessToken, ana.email, ben.email]) expect(log).not.toContain(secret);
});
