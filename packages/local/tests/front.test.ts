import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFront } from '../src/production/front.ts';

const INDEX = '<!doctype html><title>The page</title>';
const SCRIPT = `export const text = '${'long enough to be worth compressing. '.repeat(60)}';`;

let api: Server;
/** Requests that the API received. */
const received: IncomingMessage[] = [];
let streamClosed: Promise<unknown>;
let sendEvent: (text: string) => void;
let front: FastifyInstance;
let url: string;
let webDir: string;

beforeAll(async () => {
  webDir = mkdtempSync(path.join(tmpdir(), 'cruddur-front-'));
  mkdirSync(path.join(webDir, 'assets'));
  writeFileSync(path.join(webDir, 'index.html'), INDEX);
  writeFileSync(path.join(webDir, 'config.js'), 'of the build');
  writeFileSync(path.join(webDir, 'assets/index-AbCd1234.js'), SCRIPT);
  writeFileSync(path.join(webDir, 'assets/index-AbCd1234.js.map'), '{}');
  api = createServer((request, response) => {
    received.push(request);
    if (request.url === '/trpc/busy') response.writeHead(503, { 'retry-after': '1' }).end('busy');
    else if (request.url?.startsWith('/trpc/events')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      sendEvent = (text) => response.write(`data: ${text}\n\n`);
      sendEvent('first');
      streamClosed = once(response, 'close');
    } else request.pipe(response.writeHead(200, { 'content-type': 'text/plain', 'x-from': 'api' }));
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  front = await createFront({ webDir, apiUrl, headers: { 'X-Frame-Options': 'DENY' }, pageConfig: 'of the run' });
  url = await front.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await front?.close();
  api?.closeAllConnections();
  api?.close();
  rmSync(webDir, { recursive: true, force: true });
});

const fetchPath = (file: string, init?: RequestInit) => fetch(`${url}${file}`, init);

describe('the front', () => {
  it('lets browsers cache hashed assets for ever, and revalidate the page', async () => {
    const asset = await fetchPath('/assets/index-AbCd1234.js');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const index = await fetchPath('/');
    expect(index.headers.get('cache-control')).toBe('no-cache');
    // Not by fetch, which does not return a 304 for a caller's own etag.
    const again = await front.inject({ url: '/', headers: { 'if-none-match': index.headers.get('etag') ?? '' } });
    expect(again.statusCode).toBe(304);
  });

  it.each(['br', 'gzip'])('compresses with %s if the browser accepts it', async (encoding) => {
    const response = await fetchPath('/assets/index-AbCd1234.js', { headers: { 'accept-encoding': encoding } });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('vary')).toContain('accept-encoding');
    expect(await response.text()).toBe(SCRIPT);
  });

  it.each(['/messages', '/messages/new/j.doe', '/messages/x?a=b.c'])('answers %s with the page', async (route) => {
    const response = await fetchPath(route);
    expect([response.status, await response.text()]).toEqual([200, INDEX]);
  });

  it.each([
    '/assets/gone-AbCd1234.js',
    '/assets/index-AbCd1234.js.map',
    '/assets/',
    '/favicon.ico',
    '/..%2f..%2fetc/../x.y',
  ])('does not answer %s with the page', async (file) => {
    const response = await fetchPath(file);
    expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store']);
  });

  it('serves the Cognito configuration of this run, not of the build', async () => {
    const response = await fetchPath('/config.js');
    expect([await response.text(), response.headers.get('cache-control')]).toEqual(['of the run', 'no-cache']);
  });

  it.each(['/', '/assets/index-AbCd1234.js', '/gone.js', '/trpc/x', '/config.js'])(
    'sends the security headers with %s',
    async (file) => expect((await fetchPath(file)).headers.get('x-frame-options')).toBe('DENY'),
  );
});

describe('the front before the API', () => {
  it('forwards requests with the address of the client', async () => {
    const headers = { authorization: 'Bearer x', 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9' };
    const response = await fetchPath('/trpc/a.b?batch=1', { method: 'POST', body: '{"a": 1}', headers });
    expect([response.headers.get('x-from'), await response.text()]).toEqual(['api', '{"a": 1}']);
    expect(received.at(-1)).toMatchObject({
      method: 'POST',
      url: '/trpc/a.b?batch=1',
      headers: { ...headers, 'x-forwarded-for': '203.0.113.9, 127.0.0.1' },
    });
  });

  it('forwards a refusal at once, without a retry', async () => {
    const before = received.length;
    const response = await fetchPath('/trpc/busy');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(received.length - before).toBe(1);
  });

  it('forwards each event at once, and closes the stream of the API when the browser has gone', async () => {
    const stream = await new Promise<IncomingMessage>((resolve) => {
      get(`${url}/trpc/events`, { headers: { 'accept-encoding': 'br, gzip' } }, resolve);
    });
    expect(stream.headers['content-encoding']).toBeUndefined();
    const events = stream[Symbol.asyncIterator]();
    expect(String((await events.next()).value)).toBe('data: first\n\n');
    sendEvent('second');
    expect(String((await events.next()).value)).toBe('data: second\n\n');
    stream.destroy();
    await streamClosed;
  });

  it('answers calls while more streams are open than undici has connections by default', async () => {
    const open = () =>
      new Promise<IncomingMessage>((resolve, reject) => get(`${url}/trpc/events`, resolve).on('error', reject));
    const streams = await Promise.all(Array.from({ length: 200 }, open));
    expect((await fetchPath('/trpc/a.b')).headers.get('x-from')).toBe('api');
    for (const stream of streams) stream.destroy();
  });

  it('answers calls while many requests never send their bodies', async () => {
    const { hostname, port } = new URL(url);
    const sockets = Array.from({ length: 200 }, () => connect(Number(port), hostname));
    for (const socket of sockets) {
      socket.write('POST /trpc/slow HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 9999\r\n\r\nx');
    }
    const count = () => new Promise<number>((resolve) => front.server.getConnections((_, open) => resolve(open)));
    await expect.poll(count).toBeGreaterThanOrEqual(200);
    expect((await fetchPath('/trpc/a.b')).headers.get('x-from')).toBe('api');
    for (const socket of sockets) socket.destroy();
  });

  it('answers `Expect: 100-continue`, and forwards the body that follows', async () => {
    const headers = { expect: '100-continue', 'content-type': 'application/json', 'content-length': '8' };
    const call = request(`${url}/trpc/a.b`, { method: 'POST', headers });
    call.once('continue', () => call.end('{"a": 1}'));
    call.flushHeaders();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    expect([response.statusCode, String((await response.toArray())[0])]).toEqual([200, '{"a": 1}']);
  });

  it('has the same limits for requests and connections as the API', () => {
    const { headersMs, requestMs, silenceMs, connections } = HTTP_LIMITS;
    const times = { headersTimeout: headersMs, requestTimeout: requestMs, timeout: silenceMs };
    expect(front.server).toMatchObject({ ...times, maxConnections: connections });
  });

  it('reports an API that does not answer', async () => {
    const unreachable = await createFront({ webDir, apiUrl: 'http://127.0.0.1:9', headers: {}, pageConfig: '' });
    const response = await unreachable.inject('/trpc/users.me');
    expect([response.statusCode, response.body]).toEqual([502, 'The API does not answer.\n']);
    await unreachable.close();
  });
});
