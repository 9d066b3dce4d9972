import { createServer as createTcpServer, type Socket } from 'node:net';
import { createDynamoDb, createMessageStore } from '@cruddur/ddb';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { servicesWithoutEngines } from '../../tests/services-without-engines.ts';
import { createServer, type ServerOptions } from '../server.ts';

/** Ends a test whose deadline does not work, well before the store client's time-out. */
const HANGS_MS = 30_000;

/** A store that accepts every request and answers none. */
const silent = createTcpServer((socket) => sockets.push(socket));
const sockets: Socket[] = [];
let endpoint: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  endpoint = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
});
afterEach(() => void vi.restoreAllMocks());
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
});

/** Calls a procedure of a server whose store is silent. */
async function callAt(options: Partial<ServerOptions>) {
  const client = createDynamoDb({ region: 'ca-central-1', endpoint, embedded: true, requestTimeoutMs: 600_000 });
  const store = createMessageStore({ client, tableName: 'none', cursorSecret: 'a secret for the cursors of tests' });
  const server = await createServer(servicesWithoutEngines(store), { logLevel: 'silent', webOrigins: [], ...options });
  const answer = await server.inject({ url: '/trpc/messageGroups.list', headers: { authorization: 'Bearer token' } });
  await server.close();
  client.destroy();
  return { status: answer.statusCode, reason: answer.json().error?.data.reason as unknown };
}

const unavailable = { status: 503, reason: 'store_unavailable' };

it('a request to a store that never answers is refused at its deadline', { timeout: HANGS_MS }, async () => {
  const deadline = new AbortController();
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal);
  silent.once('connection', () => deadline.abort());
  expect(await callAt({ requestDeadlineMs: 300 })).toEqual(unavailable);
  expect(timeout.mock.calls).toEqual([[300]]);
  expect(sockets.length).toBeGreaterThan(0);
});

it('the deadline is 8 s by default', { timeout: HANGS_MS }, async () => {
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
  expect(await callAt({})).toEqual(unavailable);
  expect(timeout.mock.calls).toEqual([[8_000]]);
});
