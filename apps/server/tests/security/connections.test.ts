import type { Socket } from 'node:net';
import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openStream } from '../open-stream.ts';
import { openSocket } from '../send-request.ts';
import { startTestServer, type TestServer } from '../test-server.ts';

/** Few enough to be opened repeatedly; `many-connections.test.ts` opens thousands. */
const MOST = 300;
const MANY = 1000;
/** Fewer than the kernel's queue for a server holds: a dropped connection is retried only after a second. */
const AT_ONCE = 250;

let server: TestServer;
let ana: Awaited<ReturnType<TestServer['signIn']>>;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await startTestServer({ limits: { connections: MOST } });
  ana = await server.signIn('ana');
  await ana.api.users.me.query();
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

afterAll(() => server.stop());

function open(): Socket {
  const socket = openSocket(server.url);
  // A socket that is not read does not notice that the other side has closed.
  socket.resume();
  sockets.push(socket);
  return socket;
}

const openCount = () => sockets.filter((socket) => socket.readyState === 'open').length;

async function openMany(greet: (socket: Socket) => void): Promise<void> {
  for (let count = 0; count < MANY; count += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, open);
    for (const socket of batch) greet(socket);
    await expect.poll(() => batch.filter(({ connecting }) => connecting)).toEqual([]);
  }
}

describe('connections', () => {
  it.each([
    ['send nothing', () => undefined],
    ['begin a request and stop', (socket: Socket) => socket.write('GET /trpc/users.me HTTP/1.1\r\nHost: x\r\nX-A')],
    [
      'begin a body and stop',
      (socket: Socket) =>
        socket.write(
          'POST /trpc/users.me HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{',
        ),
    ],
    ['are idle after an answer', (socket: Socket) => socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')],
  ])('are limited, and evict only each other, if they %s', async (_, greet) => {
    const stream = await openStream(server.url, ana.accessToken);
    await openMany((socket) => void greet(socket));
    // Every call uses a separate connection.
    for (let i = 0; i < 10; i++) {
      const response = await fetch(`${server.url}/trpc/users.me`, {
        headers: { authorization: `Bearer ${ana.accessToken}`, connection: 'close' },
      });
      expect(response.status).toBe(200);
    }
    await expect.poll(openCount).toBeLessThanOrEqual(MOST);
    expect(server.services.streams.count()).toBe(1);
    expect(stream.error()).toBeUndefined();
    stream.close();
  });

  it('have the time-outs of the limits', () => {
    expect(server.http).toMatchObject({
      headersTimeout: HTTP_LIMITS.headersMs,
      requestTimeout: HTTP_LIMITS.requestMs,
      connectionsCheckingInterval: HTTP_LIMITS.sweepMs,
      keepAliveTimeout: HTTP_LIMITS.keepAliveMs,
      timeout: HTTP_LIMITS.silenceMs,
    });
  });

  it('that send headers or body slowly are ended, and streams are not', async () => {
    const stream = await openStream(server.url, ana.accessToken);
    const closedAfter = (socket: Socket) => {
      const startedAt = performance.now();
      return new Promise<number>((resolve) => socket.once('close', () => resolve(performance.now() - startedAt)));
    };
    const [silent, headers, body] = [open(), open(), open()];
    headers.write('GET /trpc/users.me HTTP/1.1\r\nHost: x\r\n');
    body.write(
      'POST /trpc/users.me HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n',
    );
    const drip = setInterval(() => {
      headers.write('X-A: b\r\n');
      body.write(' ');
    }, 500);
    const times = await Promise.all([silent, headers, body].map(closedAfter));
    clearInterval(drip);
    const { headersMs, requestMs, sweepMs } = HTTP_LIMITS;
    // Generous for a busy machine, and less than the time after which an idle connection ends. The test above compares
    // the exact times.
    const slack = sweepMs + 30_000;
    expect(times[0]).toBeLessThan(headersMs + slack);
    expect(times[1]).toBeLessThan(headersMs + slack);
    expect(times[2]).toBeLessThan(requestMs + slack);
    expect(stream.error()).toBeUndefined();
    expect(server.services.streams.count()).toBe(1);
    stream.close();
  });
});
