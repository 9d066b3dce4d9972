import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { HTTP_LIMITS, type HttpLimits } from '@cruddur/config/http-limits';
import type { MessageItem, MessageStore } from '@cruddur/ddb';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { createEmptyStore } from '../../tests/empty-store.ts';
import { openSocket, sendRaw } from '../../tests/send-request.ts';
import { servicesWithoutEngines } from '../../tests/services-without-engines.ts';
import { createServer } from '../server.ts';
import { registerErrors } from './http-errors.ts';
import { limitUnreadAnswers } from './unread-answers.ts';

const GROUP = '5ae290ed-55d1-47a0-bc6d-fe2bc2700399';
const SENDER = { user_uuid: 'ben', user_handle: 'ben', user_display_name: 'Ben' };
/** A page of the longest messages: 100 of 4 kB. */
const PAGE = Array.from({ length: 100 }, (_, i) => ({
  pk: `MSG#${GROUP}`,
  sk: `2026-11-20T08:15:30.${String(123_456 + i)}+00:00`,
  message_uuid: GROUP,
  message: '😀'.repeat(1024),
  ...SENDER,
})) satisfies MessageItem[];
const PAGE_BYTES = 450_000;
const LIST = `/trpc/messages.list?input=${encodeURIComponent(JSON.stringify({ messageGroupUuid: GROUP, limit: 100 }))}`;
/** Limits that are reached soon. */
const SHORT = { readMs: 100, readBytesPerSecond: 10_000_000, keepAliveMs: 500, silenceMs: 500, sweepMs: 100 };
/** The same, except that an idle connection is kept: it ends only if it has unread bytes. */
const PATIENT = { ...SHORT, keepAliveMs: 60_000, silenceMs: 60_000 };

let server: FastifyInstance;
let sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await server.close();
});

function storeOfPages(): MessageStore {
  const { store } = createEmptyStore(async () => ({ Items: PAGE }));
  const ana = { uuid: 'ana', handle: 'ana', displayName: 'Ana' };
  store.knownMembers.set(GROUP, [ana, { uuid: 'ben', handle: 'ben', displayName: 'Ben' }]);
  return store;
}

async function start(limits: Partial<HttpLimits>, rateLimitFactor = 1): Promise<string> {
  const services = servicesWithoutEngines(storeOfPages());
  server = await createServer(services, { logLevel: 'silent', webOrigins: [], limits, rateLimitFactor });
  return server.listen({ port: 0, host: '127.0.0.1' });
}

/** Sends bytes on a new connection, and reads nothing. */
function sendUnread(url: string, text: string): Socket {
  const socket = openSocket(url);
  sockets.push(socket);
  socket.pause();
  socket.write(text);
  return socket;
}

/** Sends a request on a new connection, and reads nothing. */
const ask = (url: string, path = LIST, header = 'X: y') =>
  sendUnread(url, `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n${header}\r\n\r\n`);

/** Waits for the first bytes of an answer, or the end of the connection. */
const untilAnswered = (socket: Socket) =>
  new Promise<void>((resolve) => {
    socket.once('readable', resolve).once('close', () => resolve());
  });

const openCount = () => new Promise<number>((resolve) => server.server.getConnections((_, count) => resolve(count)));

/** Reads only the status of an answer. */
async function statusOf(socket: Socket): Promise<number> {
  await untilAnswered(socket);
  return Number(String(socket.read(12)).slice(-3));
}

/** Bytes that the kernel buffers for the server's clients, including closed connections. */
function kernelBytes(): number {
  const { port } = server.server.address() as AddressInfo;
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1);
  const ours = rows.map((row) => row.trim().split(/\s+/)).filter(([, address = '']) => address.endsWith(local));
  return ours.reduce((sum, [, , , , queues = '']) => sum + Number.parseInt(queues, 16), 0);
}

const fetchList = (url: string) => fetch(url + LIST, { headers: { authorization: 'Bearer x' } });

/** Waits until neither the process nor the kernel buffers anything. */
async function expectNothingKept() {
  await expect.poll(openCount).toBe(0);
  if (existsSync('/proc/net/tcp')) await expect.poll(kernelBytes).toBe(0);
}

describe('unread answers', () => {
  it('are kept up to a limit per person, who then has to wait, until their connections end', async () => {
    // A busy machine may answer late, so silence must not end a connection.
    const url = await start({ ...SHORT, silenceMs: 60_000, readMs: 2000, personBytes: 3 * PAGE_BYTES });
    const answers = Array.from({ length: 12 }, () => ask(url));
    const statuses = await Promise.all(answers.map(statusOf));
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(9);
    await expectNothingKept();
    expect((await fetchList(url)).status).toBe(200);
  });

  it('are kept up to a limit in total, above which idle connections are ended', async () => {
    const url = await start({ ...PATIENT, readMs: 2000, allBytes: 2.5 * PAGE_BYTES });
    const idle = ask(url, '/trpc/users.me').resume();
    await new Promise((resolve) => idle.once('data', resolve));
    const ended = new Promise((resolve) => idle.once('close', resolve));
    ask(url);
    ask(url);
    await expect.poll(openCount).toBe(3);
    const third = ask(url);
    await ended;
    third.destroy();
    await expectNothingKept();
  });

  it.each<[string, (socket: Socket) => void, string?]>([
    ['of a client that waits', () => undefined],
    ['on a connection that closes after its answer', () => undefined, 'Connection: close'],
    ['of a client that ends its side', (socket) => socket.end()],
    ['of a client that sends garbage', (socket) => socket.write('GARBAGE\r\n\r\n')],
    ['of a client that begins another request', (socket) => socket.write('POST /trpc/users.me HTTP/1.1\r\nHo')],
    [
      'of a client that sends request after request',
      (socket) => socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50)),
    ],
  ])('%s are not kept for long', async (_, act, header) => {
    const url = await start({ ...SHORT, headersMs: 300, requestMs: 300 });
    const asked = [1, 2, 3, 4].map(() => ask(url, LIST, header));
    for (const socket of asked) {
      await untilAnswered(socket);
      act(socket);
    }
    await expectNothingKept();
  });

  it('are refused above the total limit if no connection is idle, except small ones', async () => {
    server = Fastify();
    limitUnreadAnswers(server, {
      limits: { ...HTTP_LIMITS, allBytes: 250_000 },
      personOf: ({ id }) => id,
      makeRoom: () => false,
    });
    registerErrors(server);
    server.get<{ Params: { bytes: string } }>('/:bytes', async ({ params }) => 'x'.repeat(Number(params.bytes)));
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    const statuses: number[] = [];
    for (const path of ['/100000', '/100000', '/100000', '/100']) statuses.push(await statusOf(ask(url, path)));
    expect(statuses).toEqual([200, 200, 429, 200]);
  });

  it('are not kept for a client that reads slowly', async () => {
    const url = await start(PATIENT);
    const socket = ask(url);
    await untilAnswered(socket);
    const sip = setInterval(() => socket.read(1000), 20);
    socket.once('close', () => clearInterval(sip));
    await expectNothingKept();
  });

  it.each([
    [404, 'GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n'],
    [400, 'GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n'],
    [415, 'POST /trpc/users.me HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n'],
    [429, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'],
    [204, 'OPTIONS /trpc/users.me HTTP/1.1\r\nHost: x\r\nOrigin: y\r\nAccess-Control-Request-Method: GET\r\n\r\n'],
  ])('with the status %d count too: the connection ends at its limit', async (status, request) => {
    // Six requests are allowed.
    const url = await start({ ...PATIENT, connectionBytes: 20_000 }, status === 429 ? 0.001 : 1);
    expect(await sendRaw(url, request.repeat(7))).toContain(`HTTP/1.1 ${status} `);
    await untilAnswered(sendUnread(url, request.repeat(100)));
    await expect.poll(openCount).toBe(0);
  });

  it('to a malformed address are the last of their connection', async () => {
    const answers = await sendRaw(await start({}), 'GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2));
    expect(answers.match(/HTTP\/1\.1 400 /g)).toHaveLength(1);
  });

  it('end a connection at its limit, and a client that reads receives them all', async () => {
    const url = await start({});
    const response = await fetchList(url);
    expect(response.headers.get('connection')).toBe('close');
    const { result } = (await response.json()) as { result: { data: { items: unknown[] } } };
    expect(result.data.items).toHaveLength(100);
    await expect.poll(openCount).toBe(0);
    expect(
      (await fetch(`${url}/trpc/users.me`, { headers: { authorization: 'x' } })).headers.get('connection'),
    ).not.toBe('close');
  });

  it('of ten large pages are too large: the batch is refused', async () => {
    const url = await start({});
    const input = Object.fromEntries([...Array(10).keys()].map((i) => [i, { messageGroupUuid: GROUP, limit: 100 }]));
    const path = `/trpc/${Array(10).fill('messages.list').join(',')}?batch=1&input=${encodeURIComponent(JSON.stringify(input))}`;
    const response = await fetch(url + path, { headers: { authorization: 'Bearer x' } });
    expect(response.status).toBe(413);
    expect((await response.text()).length).toBeLessThan(1000);
    expect(HTTP_LIMITS.answerBytes).toBeGreaterThan(2 * PAGE_BYTES);
  });
});
