import type { UserShort } from '@cruddur/db';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createEmptyStore } from '../../tests/empty-store.ts';
import { openSocket, sendRaw } from '../../tests/send-request.ts';
import { servicesWithoutEngines } from '../../tests/services-without-engines.ts';
import { createStreams } from '../live/streams.ts';
import { createServer } from '../server.ts';

const GROUP = '5ae290ed-55d1-47a0-bc6d-fe2bc2700399';
const lines: string[] = [];
let server: FastifyInstance;
let url: string;

beforeAll(async () => {
  server = await createServer(servicesWithoutEngines(createEmptyStore().store), {
    logLevel: 'info',
    logStream: { write: (line) => lines.push(line) },
    webOrigins: [],
  });
  url = await server.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => server.close());

/** Sends a raw request with any bytes as its body. */
function send(first: string, headers: string[] = [], body: Buffer | string = ''): Promise<string> {
  const head = [`${first} HTTP/1.1`, 'Host: x', 'Connection: close', 'Authorization: Bearer x', ...headers];
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  return sendRaw(url, Buffer.concat([Buffer.from(`${[...head, length].join('\r\n')}\r\n\r\n`), Buffer.from(body)]));
}

const JSON_TYPE = 'Content-Type: application/json';
const jsonOf = (answer: string) => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
const REFUSED = { code: 'BAD_REQUEST', httpStatus: 400, reason: 'input_invalid' };

describe('an answer', () => {
  it.each([
    ['Accept: application/jsonl', 'users.me,users.me?batch=1'],
    ['Accept: text/html, application/jsonl', 'users.me,users.me?batch=1'],
    ['trpc-accept: application/jsonl', 'users.me,users.me?batch=1'],
    ['Accept: application/jsonl', 'users.me'],
  ])('has a length and is not chunked, with %s at %s', async (accept, path) => {
    const answer = await send(`GET /trpc/${path}`, [accept]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toMatch(/\r\ncontent-length: \d+\r\n/i);
    expect(answer).toMatch(/\r\ncontent-type: application\/json\r\n/i);
    expect(answer).not.toMatch(/\r\n(transfer-encoding|keep-alive): /i);
  });

  it.each([
    ['a batch that is too large', `${Array(11).fill('users.me').join(',')}?batch=1`],
    ['queries and mutations in one batch', 'users.me,messages.create?batch=1'],
    ['connection parameters that are not JSON', 'users.me?connectionParams=%7B'],
  ])('to %s is JSON with the request id', async (_, path) => {
    const answer = await send(`GET /trpc/${path}`);
    const id = /\r\nx-request-id: (\S+)\r\n/i.exec(answer)?.[1];
    expect(answer).toMatch(/\r\ncontent-type: application\/json[;\r]/i);
    expect(answer).toMatch(/\r\ncache-control: no-store\r\n/i);
    expect(jsonOf(answer).error.data).toMatchObject({ httpStatus: 400, reason: 'input_invalid', requestId: id });
  });
});

describe('an output', () => {
  const answerWith = async (person: object) => {
    const services = servicesWithoutEngines(createEmptyStore().store);
    const people = { ...services.people, byHandle: async () => person as UserShort };
    const other = await createServer({ ...services, people }, { logLevel: 'silent', webOrigins: [] });
    const path = `/trpc/users.short?input=${encodeURIComponent('{"handle":"ben"}')}`;
    const answer = await other.inject({ url: path, headers: { authorization: 'Bearer x' } });
    await other.close();
    return answer;
  };
  const BEN = { uuid: 'ben', handle: 'ben', displayName: 'Ben' };

  it('contains only the fields of its schema', async () => {
    const answer = await answerWith({ ...BEN, email: 'ben@example.com' });
    expect(answer.json()).toEqual({ result: { data: BEN } });
  });

  it('that does not match its schema is an internal error', async () => {
    const answer = await answerWith({ ...BEN, handle: undefined });
    expect(answer.statusCode).toBe(500);
    expect(answer.json().error.data).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', reason: null });
    expect(answer.body).not.toContain('handle');
  });
});

describe('a request', () => {
  const markRead = (type: string) => send('POST /trpc/messageGroups.markRead', [`Content-Type: ${type}`], '{}');

  it.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json;charset=utf-8',
    'Application/Json ; Charset="UTF-8"',
  ])('with the content type %s is read', async (type) => expect(await markRead(type)).toMatch(/^HTTP\/1\.1 400 /));

  it.each([
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-16',
    'application/jsonl',
    'text/json',
  ])('with the content type %s is refused', async (type) => expect(await markRead(type)).toMatch(/^HTTP\/1\.1 415 /));

  it.each(['users.me\\', 'x\\..\\users.me', '%2e%2e%5Cusers.me'])('to %s calls no procedure', async (path) => {
    expect(await send(`GET /trpc/${path}`)).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('that names two hosts is refused', async () => {
    expect(await send('GET /trpc/users.me', ['Host: y'])).toMatch(/^HTTP\/1\.1 400 /);
    expect(await send('GET /healthz', ['Host: x'])).toMatch(/^HTTP\/1\.1 400 /);
  });
});

it('a stream whose client left before it opened is closed at once', async () => {
  const services = servicesWithoutEngines(createEmptyStore().store);
  const streams = createStreams(services.bus, { ofPerson: 1, inAll: 1 }, () => undefined);
  const open = vi.spyOn(streams, 'open');
  let find: (person: UserShort) => void = () => undefined;
  const ofToken = vi.fn<() => Promise<UserShort>>(() => new Promise((resolve) => (find = resolve)));
  const people = { ...services.people, ofToken };
  const other = await createServer({ ...services, streams, people }, { logLevel: 'silent', webOrigins: [] });
  const closed = vi.fn<() => void>();
  other.server.on('connection', (socket) => socket.once('close', closed));
  const socket = openSocket(await other.listen({ port: 0, host: '127.0.0.1' }));
  socket.write('GET /trpc/events.subscribe HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n\r\n');
  await expect.poll(() => ofToken).toHaveBeenCalled();
  socket.destroy();
  await expect.poll(() => closed).toHaveBeenCalled();
  find({ uuid: 'ana', handle: 'ana', displayName: 'Ana' });
  await expect.poll(() => open).toHaveBeenCalled();
  expect(streams.count()).toBe(0);
  await other.close();
});

it('a stream behind another answer of its connection is refused, since it could not be closed', async () => {
  const services = servicesWithoutEngines(createEmptyStore().store);
  const streams = createStreams(services.bus, { ofPerson: 9, inAll: 9 }, () => undefined);
  const log = vi.fn<(line: string) => void>();
  const options = { logLevel: 'info', logStream: { write: log }, webOrigins: [] };
  const other = await createServer({ ...services, streams }, options);
  const socket = openSocket(await other.listen({ port: 0, host: '127.0.0.1' }));
  socket.write('GET /trpc/events.subscribe HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n\r\n'.repeat(3));
  await expect.poll(() => String(log.mock.calls)).toContain('"msg":"stream opened"');
  socket.destroy();
  await expect.poll(() => String(log.mock.calls)).toContain('"msg":"stream ended"');
  expect(String(log.mock.calls).split('"msg":"stream opened"')).toHaveLength(2);
  expect(streams.count()).toBe(0);
  await other.close();
});

describe('text that is not Unicode is refused and not altered', () => {
  const body = (text: Buffer) =>
    Buffer.concat([
      Buffer.from(`{"messageGroupUuid":"${GROUP}","clientMessageUuid":"${GROUP}","message":"a`),
      text,
      Buffer.from('"}'),
    ]);

  it.each(['c0af', 'eda080', 'ff'])('in a body, as the bytes %s', async (hex) => {
    const bytes = body(Buffer.from(hex, 'hex'));
    const answer = await send('POST /trpc/messages.create', [JSON_TYPE], bytes);
    expect(jsonOf(answer).error.data).toMatchObject(REFUSED);
    const chunk = Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')]);
    const head = `POST /trpc/messages.create HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer x\r\n${JSON_TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    expect(jsonOf(await sendRaw(url, Buffer.concat([Buffer.from(head), chunk]))).error.data).toMatchObject(REFUSED);
  });

  it.each(['%c0%af', '%ed%a0%80', '%ff', '\\ud800', '\\uDFFF', '\\udc00\\ud800'])('in a query, as %s', async (text) => {
    for (const procedure of ['users.search', 'users.short']) {
      const name = procedure === 'users.short' ? 'handle' : 'query';
      const input = `%7B%22${name}%22:%22a${text}%22%7D`;
      const answer = await send(`GET /trpc/${procedure}?input=${input}`);
      expect(jsonOf(answer).error.data, answer).toMatchObject(REFUSED);
      const batch = await send(`GET /trpc/${procedure}?batch=1&input=%7B%220%22:${input}%7D`);
      expect([jsonOf(batch)].flat()[0].error.data).toMatchObject(REFUSED);
    }
  });

  it('in an address, as bytes that are not escaped', async () => {
    const answer = await sendRaw(
      url,
      Buffer.from('GET /trpc/users.short?input="\xe9" HTTP/1.1\r\nHost: x\r\n\r\n', 'latin1'),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('in a fragment, which no query is read from', async () => {
    const path = '/trpc/users.short#input=%7B%22handle%22:%22a\\ud800%22%7D';
    expect(jsonOf(await send(`GET ${path}`)).error.data).toMatchObject(REFUSED);
    await expect.poll(() => lines.at(-1)).toContain('"path":"/trpc/users.short","status":400');
  });

  it.each(['\\ud800', 'x\\uDC00', '\\udc00\\ud800'])('in a body, as the escape %s', async (text) => {
    const handle = `{"message":"Hello","handle":"ben${text}","clientMessageUuid":"${GROUP}"}`;
    const answer = await send('POST /trpc/messages.create', [JSON_TYPE], handle);
    expect(jsonOf(answer).error.data).toMatchObject(REFUSED);
  });

  it('while whole characters and backslashes are accepted', async () => {
    for (const text of ['\\ud83d\\ude00', '\\\\ud800', '😀']) {
      const input = encodeURIComponent(`{"handle":"${text}"}`);
      // The handle was read: no such person exists.
      expect(await send(`GET /trpc/users.short?input=${input}`)).toContain('user_not_found');
    }
  });
});
