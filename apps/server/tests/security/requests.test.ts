import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, sendRaw } from '../send-request.ts';
import { startTestServer, type TestServer } from '../test-server.ts';

type Person = Awaited<ReturnType<TestServer['signIn']>>;

let server: TestServer;
let ana: Person;
let call: ReturnType<typeof callOf>;

beforeAll(async () => {
  server = await startTestServer();
  ana = await server.signIn('ana');
  await ana.api.users.me.query();
  call = callOf(server.url, ana.accessToken);
});

afterAll(() => server.stop());

/** Another person's call during an attack. */
const isUnharmed = async () => expect((await ana.api.users.me.query()).handle).toBe('ana');

interface ErrorAnswer {
  error: { message: string; data: { code: string; httpStatus: number; reason: string | null; requestId: string } };
}

describe('large and odd requests', () => {
  it('a body of 10 MB is refused, of JSON and of any other type', async () => {
    const body = JSON.stringify({ message: 'x'.repeat(10_000_000) });
    for (const type of [
      'application/json',
      'multipart/form-data; boundary=x',
      'text/plain',
      'application/octet-stream',
    ]) {
      const response = await call('messages.create', body, { headers: { 'content-type': type } }).catch(
        () => undefined,
      );
      // The server may end the connection before all is sent.
      if (response) expect([413, 415]).toContain(response.status);
      await isUnharmed();
    }
  });

  it('a body without a length is cut at the limit', async () => {
    const chunk = `${(16_384).toString(16)}\r\n${' '.repeat(16_384)}\r\n`;
    const head = `POST /trpc/messages.create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    expect(await sendRaw(server.url, head + chunk.repeat(20))).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('a batch of 1,000 calls is refused, and one of the page’s size is not', async () => {
    const batch = (size: number) =>
      fetch(`${server.url}/trpc/${Array(size).fill('users.me').join(',')}?batch=1&input=%7B%7D`, {
        headers: { authorization: `Bearer ${ana.accessToken}` },
      });
    expect((await batch(HTTP_LIMITS.batchCalls)).status).toBe(200);
    for (const size of [HTTP_LIMITS.batchCalls + 1, 400, 1000]) {
      const response = await batch(size);
      expect([400, 414]).toContain(response.status);
      expect(JSON.stringify(await response.json())).toContain('input_invalid');
    }
    await isUnharmed();
  });

  it.each([
    ['arrays', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['objects', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['a field of arrays', `{"message":${'['.repeat(50_000)}${']'.repeat(50_000)},"clientMessageUuid":{}}`],
    ['an unclosed array', '['.repeat(100_000)],
  ])('deep JSON is refused: %s', async (_, body) => {
    const response = await call('messages.create', body);
    expect(response.status).toBe(400);
    expect(((await response.json()) as ErrorAnswer).error.data.reason).toMatch(/^input_invalid|message_/);
    await isUnharmed();
  });

  it.each([
    ['a malformed address', '/trpc/%zz', 400],
    ['one that is malformed when decoded twice', '/trpc/%25zz', 404],
    ['an unknown address', '/%00/..%2f..%2fetc/passwd', 404],
    ['an address that is too long', `/trpc/${'a'.repeat(5000)}`, 414],
    ['connection parameters that are not JSON', '/trpc/users.me?connectionParams=%7B', 400],
    ['input that is not JSON', '/trpc/users.short?input=%7B', 400],
    ['a batch with invalid input', '/trpc/users.short?batch=1&input=7', 400],
  ])('%s is refused in the API’s format, without anything of the request', async (_, path, status) => {
    const response = await fetch(server.url + path, { headers: { authorization: `Bearer ${ana.accessToken}` } });
    expect(response.status).toBe(status);
    const answer = [await response.json()].flat()[0] as ErrorAnswer;
    expect(answer.error.data).toMatchObject({ httpStatus: status });
    expect(answer.error.message).toMatch(/^(The request|There is nothing)/);
    expect(JSON.stringify(answer)).not.toMatch(/passwd|JSON at|Unexpected|aaaa/);
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['no HTTP', 'HELO\r\n\r\n', '400'],
    ['an invalid host', 'GET /trpc/users.me HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n', '4\\d\\d'],
    ['headers of 100 kB', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`, '431'],
    [
      'two lengths',
      'POST /trpc/users.me HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
      '400',
    ],
  ])('%s is refused by the connection', async (_, text, status) => {
    expect(await sendRaw(server.url, text)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    await isUnharmed();
  });
});

describe('a page of another origin', () => {
  const preflight = (origin: string) =>
    fetch(`${server.url}/trpc/messages.create`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    });

  it('is allowed only by its exact origin', async () => {
    expect((await preflight('http://localhost:3000')).headers.get('access-control-allow-origin')).toBe(
      'http://localhost:3000',
    );
    for (const origin of [
      'https://evil.example',
      'http://localhost:3000.evil.example',
      'null',
      'http://localhost:3001',
    ]) {
      expect((await preflight(origin)).headers.get('access-control-allow-origin'), origin).toBeNull();
      const answer = await call('users.me', {}, { method: 'GET', headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin'), origin).toBeNull();
    }
    expect((await preflight('http://localhost:3000')).headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('gains nothing by cookies, which are neither read nor set', async () => {
    const cookie = `token=${ana.accessToken}; accessToken=${ana.accessToken}; authorization=Bearer ${ana.accessToken}`;
    const response = await fetch(`${server.url}/trpc/users.me`, { headers: { cookie } });
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('token_missing');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect((await fetch(`${server.url}/trpc/users.me?authorization=Bearer%20${ana.accessToken}`)).status).toBe(401);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'sends no form: %s',
    async (type) => {
      const response = await call('messageGroups.markRead', '{}', { headers: { 'content-type': type } });
      expect(response.status).toBe(415);
    },
  );

  it('changes nothing by GET, nor by any method but POST', async () => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const init = method === 'GET' ? { method } : { method, body: '{}' };
      const response = await call('messageGroups.markRead', {}, init);
      expect([404, 405], method).toContain(response.status);
    }
    const overridden = await call(
      'messages.create',
      {},
      { method: 'GET', headers: { 'x-http-method-override': 'POST' } },
    );
    expect(overridden.status).toBe(405);
  });

  it('can neither frame, sniff nor embed an answer', async () => {
    for (const path of ['/trpc/users.me', '/healthz', '/nothing']) {
      const { headers } = await fetch(server.url + path);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers.get('x-powered-by') ?? headers.get('server')).toBeNull();
    }
  });
});
