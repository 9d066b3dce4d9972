import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HTTP_LIMITS } from '../../src/http-limits.ts';
import { openStream } from '../open-stream.ts';
import { callOf, openSocket } from '../send-request.ts';
import { type ServerProcess, startServerProcess } from '../server-process.ts';
import { startTestServer, type TestServer } from '../test-server.ts';

const MANY = 10_000;
/** Fewer than the kernel keeps waiting for a server: one that it drops is tried again only after seconds. */
const AT_ONCE = 400;

let stores: TestServer;
let server: ServerProcess;
const sockets: Socket[] = [];

beforeAll(async () => {
  stores = await startTestServer();
  // A process of its own, as it is deployed: the two ends of ten thousand connections are too many files for one.
  server = await startServerProcess(stores, { LOG_LEVEL: 'warn', RATE_LIMIT_FACTOR: '10' });
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await server.stop();
  await stores.stop();
});

describe('ten thousand connections', () => {
  it('are more than an instance holds, and those who are answered do not notice', async () => {
    const ana = await stores.signIn('ana');
    const stream = await openStream(server.url, ana.accessToken);
    const call = callOf(server.url, ana.accessToken);
    const ask = async () => {
      const init = { method: 'GET', headers: { connection: 'close' } };
      expect((await call('users.me', undefined, init)).status).toBe(200);
    };
    // What became of each: answered and kept, or ended; some are ended so soon that they never count as connected.
    let [answered, ended] = [0, 0];
    const settled = new Set<Socket>();
    while (sockets.length < MANY) {
      const socket = openSocket(server.url);
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
      // Once answered, a connection may wait for a minute: whatever ends before is one too many.
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
    expect(ended).toBeGreaterThanOrEqual(MANY - HTTP_LIMITS.connections);
    expect(stream.error()).toBeUndefined();
    expect(server.isRunning()).toBe(true);
    stream.close();
  });
});
