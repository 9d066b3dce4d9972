import { HTTP_LIMITS } from '@cruddur/config/http-limits';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createEmptyStore } from '../../tests/empty-store.ts';
import { servicesWithoutEngines } from '../../tests/services-without-engines.ts';
import { Refusal } from '../errors.ts';
import { appRouter } from '../router.ts';
import { createServer } from '../server.ts';
import { createRequestRecord } from '../telemetry/request-record.ts';

const BEN = { uuid: 'ben', handle: 'ben', displayName: 'Ben Ünïcode 😀' };
const TYPE = { 'content-type': 'application/json' };
const without = servicesWithoutEngines(createEmptyStore().store);
const services: typeof without = {
  ...without,
  people: {
    ...without.people,
    byHandle(handle) {
      if (handle === 'ben') return Promise.resolve(BEN);
      throw handle === 'bug' ? new Error('a bug') : new Refusal('rate_limited', { retryAfter: handle.length });
    },
  },
};
let server: FastifyInstance;

beforeAll(async () => {
  // Answers contain the server's time.
  vi.useFakeTimers({ toFake: ['Date'] });
  server = await createServer(services, { logLevel: 'silent', webOrigins: [] });
});
afterAll(async () => {
  vi.useRealTimers();
  await server.close();
});

/** Sends a request to the server, and to tRPC's fetch adapter. */
async function answersTo(method: 'GET' | 'POST', path: string, body?: string) {
  const url = `/trpc/${path}`;
  const headers = { authorization: 'Bearer x', ...(method === 'POST' && TYPE) };
  const ours = await server.inject({ method, url, headers, ...(body !== undefined && { payload: body }) });
  const theirs = await fetchRequestHandler({
    router: appRouter,
    endpoint: '/trpc',
    maxBatchSize: HTTP_LIMITS.batchCalls,
    req: new Request(`http://server${url}`, { method, headers: TYPE, ...(body !== undefined && { body }) }),
    createContext: () => ({
      ...services,
      requestId: String(ours.headers['x-request-id']),
      record: createRequestRecord({ traceparent: undefined, log: () => undefined }),
      accessToken: 'x',
      address: '',
      signal: AbortSignal.timeout(8000),
    }),
  });
  return { ours, theirs };
}

const short = (handle: unknown) => encodeURIComponent(JSON.stringify({ handle }));
const batch = (handles: Record<number, unknown>) =>
  encodeURIComponent(JSON.stringify(Object.fromEntries(Object.entries(handles).map(([i, handle]) => [i, { handle }]))));

describe('an answer equals that of tRPC’s fetch adapter', () => {
  it.each([
    ['users.me'],
    ['users.me?input=%7B'],
    ['users.me?input='],
    [`users.short?input=${short('ben')}`],
    [`users.short?input=${short('ben').replaceAll('%22', '"')}`],
    [`users.short?input=${short(' ben ').replaceAll('%20', '+')}`],
    [`users%2Eshort?input=${short('ben')}&input=${short('bug')}`],
    [`users.short?input=${short('bug')}`],
    [`users.short?input=${short('unknown')}`],
    [`users.short?input=${short(7)}`],
    ['users.short'],
    ['users.short?input=null'],
    ['users.short?input=%7B'],
    ['messageGroups.list'],
    ['users.unknown'],
    ['__proto__'],
    ['users'],
    ['users.me%2Fx'],
    ['messages.create?input=%7B%7D'],
    ['users.me,users.me'],
    ['users.me?batch=1'],
    ['users.me?batch=0'],
    ['users.me?batch=1&batch=0'],
    [`users.short?batch=1&input=${batch({ 0: 'ben' })}`],
    [`users.short,users.me,users.short?batch=1&input=${batch({ 0: 'ben', 2: 'bug' })}`],
    [`users.short,users.short?batch=1&input=${batch({ 0: 'one', 1: 'other' })}`],
    [`users.short,users.none,users.short?batch=1&input=${batch({ 1: 'ben' })}`],
    ['users.short,users.me?batch=1&input=%5B%5D'],
    ['users.short?batch=1&input=7'],
    ['users.short?batch=1&input=null'],
    ['users.short,users.me?batch=1&input=%7B'],
    ['events.subscribe?batch=1'],
    ['users.me?connectionParams=%7B%22a%22%3A%22b%22%7D'],
    ['users.me?connectionParams=null'],
  ])('to GET %s', async (path) => {
    const { ours, theirs } = await answersTo('GET', path);
    expect(ours.body).toBe(await theirs.text());
    expect(ours.statusCode).toBe(theirs.status);
    expect(ours.headers['content-type']).toBe(theirs.headers.get('content-type'));
  });

  it.each([
    ['messages.create', '{"message":"x","clientMessageUuid":"7"}'],
    ['messages.create', '{"message":" "}'],
    ['messages.create', ''],
    ['messages.create', '{'],
    ['messages.create', 'null'],
    ['messages.create?batch=1', '{"0":{}}'],
    ['messages.create?batch=1', '[{}]'],
    ['messages.create,messageGroups.markRead?batch=1', '{"1":{}}'],
    ['users.me', '{}'],
    ['users.none', '{}'],
    ['events.subscribe?batch=1', '{}'],
  ])('to POST %s with %s', async (path, body) => {
    const { ours, theirs } = await answersTo('POST', path, body);
    expect(ours.body).toBe(await theirs.text());
    expect(ours.statusCode).toBe(theirs.status);
    expect(ours.headers['content-type']).toBe(theirs.headers.get('content-type'));
  });

  const names = [
    'users.me',
    'users.short',
    'messages.create',
    'events.subscribe',
    'users.none',
    'toString',
    '',
    'x%2Fy',
  ];
  const inputs = [
    { handle: 'ben' },
    { handle: 'bug' },
    { handle: 'x' },
    { handle: 7 },
    { ['__proto__']: 1 },
    null,
    [],
    'x',
  ];
  const input = fc.constantFrom<unknown>(...inputs);
  const inputJson = fc.oneof(
    input.map((each) => JSON.stringify(each)),
    fc.dictionary(fc.constantFrom('0', '1', '2', '00', '-1'), input).map((each) => JSON.stringify(each)),
    fc.constantFrom(
      '',
      '{',
      '[{}]',
      '{"0":{"handle":"bug"},"0":{"handle":"ben"}}',
      '{"__proto__":{"0":{"handle":"ben"}}}',
    ),
  );
  const parameters = [
    'batch=1',
    'b%61tch=%31',
    'batch=0',
    'batch',
    'batch=1;x',
    '__proto__=1',
    'input',
    '',
    'input=%22+%2522',
  ];
  const parameter = fc.oneof(
    fc.constantFrom(...parameters, 'connectionParams=null'),
    inputJson.map((json) => `input=${encodeURIComponent(json)}`),
  );
  // Fastify routes an empty path elsewhere.
  const path = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }).filter((path) => path.join() !== '');

  it('to any request', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET' as const, 'POST' as const),
        fc
          .tuple(path, fc.boolean())
          .map(([path, isEncoded]) => (isEncoded ? encodeURIComponent(path.join()) : path.join())),
        fc.array(parameter, { maxLength: 4 }),
        inputJson,
        async (method, path, query, json) => {
          const body = method === 'POST' ? json : undefined;
          const { ours, theirs } = await answersTo(method, `${path}?${query.join('&')}`, body);
          const type = theirs.headers.get('content-type');
          // tRPC refuses streams with 200, and whole requests as text.
          if (type !== 'text/event-stream') expect(ours.statusCode).toBe(theirs.status);
          if (type !== 'text/plain;charset=UTF-8') expect(ours.body).toBe(await theirs.text());
        },
      ),
      { numRuns: 200 },
    ),
  );

  it.each([
    `users.me${',users.me'.repeat(HTTP_LIMITS.batchCalls)}?batch=1`,
    'users.me,messages.create?batch=1',
    'users.me,events.subscribe?batch=1',
    'users.me?connectionParams=%7B',
    'users.me?connectionParams=',
    'users.me?connectionParams=7',
    'users.me?connectionParams=%7B%22a%22%3A1%7D',
  ])('to GET %s, which is refused as a whole, except its format', async (path) => {
    const { ours, theirs } = await answersTo('GET', path);
    expect(ours.statusCode).toBe(theirs.status);
    const reference = (await theirs.json()) as { error: { data: { code: string } } };
    expect(ours.json().error.data.code).toBe(reference.error.data.code);
  });
});

it('waits for the longest of the calls that have to wait', async () => {
  const { ours } = await answersTo('GET', `users.short,users.short?batch=1&input=${batch({ 0: 'x', 1: 'other' })}`);
  expect(ours.statusCode).toBe(429);
  expect(ours.headers).toMatchObject({ 'retry-after': '5', 'cache-control': 'no-store' });
});
