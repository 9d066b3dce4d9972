import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { callRepeatedly } from './calls.ts';

const CALL = { method: 'GET', path: '/', headers: {}, milliseconds: 100 } as const;

/** Starts a server that closes a connection after each answer. */
async function startClosingServer(status: number): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status, { connection: 'close' }).end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([1, 4])('times fit %i connections that the server closes', async (connections) => {
  const url = await startClosingServer(200);
  const { calls, rate, p50 } = await callRepeatedly({ ...CALL, url, connections });
  expect(calls).toBeGreaterThan(0);
  // Half of the calls take the median or longer, and each connection has one call at a time.
  expect((rate / 2) * (p50 / 1000)).toBeLessThanOrEqual(connections);
});

test('a refused call ends the measurement', async () => {
  const url = await startClosingServer(429);
  await expect(callRepeatedly({ ...CALL, url, connections: 1 })).rejects.toThrow('answered 429');
});
