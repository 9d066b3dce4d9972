import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmptyStore } from '../../tests/empty-store.ts';
import { sendRaw } from '../../tests/send-request.ts';
import { servicesWithoutEngines } from '../../tests/services-without-engines.ts';
import { createServer } from '../server.ts';

/** A hundredth of the real limit: 60 requests of one address. */
const FACTOR = 0.01;
const ALLOWED = HTTP_LIMITS.requestsOfAddress.max * FACTOR;
const MANY = ALLOWED + 100;
/** More than any line about a request. */
const LINE_BYTES = 600;

let server: FastifyInstance;
let url: string;
let log: string[];

beforeEach(async () => {
  log = [];
  server = await createServer(servicesWithoutEngines(createEmptyStore().store), {
    logLevel: 'info',
    logStream: { write: (line) => log.push(line) },
    webOrigins: [],
    rateLimitFactor: FACTOR,
  });
  url = await server.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => server.close());

const lines = () =>
  log.map((line) => JSON.parse(line) as { level: number; msg: string; status?: number; count?: number });
const bytes = () => log.join('').length;

/** Sends the same bytes on many connections, twenty at a time. */
async function flood(text: string): Promise<void> {
  for (let sent = 0; sent < MANY; sent += 20) await Promise.all(Array.from({ length: 20 }, () => sendRaw(url, text)));
}

describe('the log', () => {
  it('of a flood has a short line per accepted request, and counts the refused ones', async () => {
    await flood(`GET /${'a'.repeat(15_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await server.close();
    expect(bytes()).toBeLessThan(LINE_BYTES * (ALLOWED + 5));
    const refused = lines().filter(({ status }) => status === 429);
    const counts = lines().flatMap(({ msg, count = 0 }) => (msg === 'more requests refused' ? count : []));
    expect(refused.length + counts.reduce((sum, count) => sum + count, 0)).toBe(MANY - ALLOWED);
    expect(refused.length).toBeLessThan(5);
  });

  const POST = 'POST /trpc/users.me HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  it.each([
    ['garbage after it', 'GET /trpc/users.me HTTP/1.1\r\nHost: x\r\n\r\nGARBAGE'],
    ['a chunk size that is not a number', `${POST}Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n`],
    ['a chunk size that is too large', `${POST}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n`],
    ['a bare line feed in a chunk extension', `${POST}Transfer-Encoding: chunked\r\n\r\n2;a=\nb\r\n{}\r\n0\r\n\r\n`],
    ['an unknown transfer encoding', `${POST}Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`],
    ['half a body', `${POST}Content-Length: 9\r\n\r\n{}`],
    ['two hosts', 'GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n'],
    ['a query that is not Unicode', 'GET /trpc/users.me?%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['an empty body', 'POST /trpc/users.me HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'],
    ['an unknown address', 'GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
  ])('of requests with %s has no error, and they count against the limit', async (_, text) => {
    await flood(text);
    expect(lines().filter(({ level }) => level > 30)).toEqual([]);
    expect(bytes()).toBeLessThan(LINE_BYTES * (ALLOWED + 5));
    expect((await fetch(`${url}/healthz`)).status).toBe(429);
  });
});
