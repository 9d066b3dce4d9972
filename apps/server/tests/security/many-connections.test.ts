import type { Socket } from 'node:net';
import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStream } from '../open-stream.ts';
import { callOf, openSocket } from '../send-request.ts';
import { type ServerProcess, startServerProcess } from '../server-process.ts';
import { startTestServer, type TestServer } from '../test-server.ts';

const MANY = 15_000;
/** Fewer than the kernel's queue for a server holds: a dropped connection is retried only after seconds. */
const AT_ONCE = 400;

let stores: TestServer;
let server: ServerProcess;
const sockets: Socket[] = [];

beforeAll(async () => {
  stores = await startTestServer();
  // A separate process, since both ends of so many connections are too many open files for one.
  server = await startServerProcess(stores, { LOG_LEVEL: 'warn', RATE_LIMIT_FACTOR: '10' });
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await server.stop();
  await stores.stop();
});

describe('fifteen thousand connections', () => {
  it('are more than an instance holds, and requests and streams are not affected', async () => {
    const ana = await stores.signIn('ana');
    const stream = await openStream(server.url, ana.accessToken);
    const call = callOf(server.url, ana.accessToken);
    const ask = async () => {
      const init = { method: 'GET', headers: { connection: 'close' } };
      expect((await call('users.me', undefined, init)).status).toBe(200);
    };
    // Each is answered and kept, or ended. Some are ended so soon that they never count as connected.
    let [answered, ended] = [0, 0];
    const settled = new Set<Socket>();
    while (sockets.length < MANY) {
      const socket = openSocket(server.url);
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
      // An answered connection may idle for a minute. One that ends earlier exceeded the limit.
      socket.once('data', () => {
        answered++;
        settled.add(socket);
      });
      socket.once('close', () => {
        ended++;
        settled.add(socket);
      });
      sockets.push(socket);
      if (sockets.length % AT_ONCE > 0) continue;
      await expect.poll(() => settled.size, { timeout: 60_000, interval: 5 }).toBe(sockets.length);
      if (sockets.length % (5 * AT_ONCE) === 0) await ask();
    }
    await ask();
    expect(answered).toBeGreaterThan(HTTP_LIMITS.connections / 2);
    // The last ends are still on their way.
    await expect.poll(() => ended, { timeout: 60_000 }).toBeGreaterThanOrEqual(MANY - HTTP_LIMITS.connections);
    expect(stream.error()).toBeUndefined();
    expect(server.isRunning()).toBe(true);
    stream.close();
  });
});
