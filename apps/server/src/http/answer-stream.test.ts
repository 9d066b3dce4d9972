import { micros } from '@cruddur/ddb';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEmptyStore } from '../../tests/empty-store.ts';
import { servicesWithoutEngines } from '../../tests/services-without-engines.ts';
import { Refusal } from '../errors.ts';
import { createEventQueue, type EventQueue } from '../live/event-queue.ts';
import type { StreamItem } from '../live/streams.ts';
import { appRouter } from '../router.ts';
import { createServer } from '../server.ts';
import { createRequestRecord } from '../telemetry/request-record.ts';

beforeEach(
  () => void vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }),
);
afterEach(() => void vi.useRealTimers());

type Queue = EventQueue<StreamItem>;

interface StreamRequest {
  method?: 'GET' | 'POST';
  /** With the question mark. */
  query?: string;
  headers?: Record<string, string>;
  /** Is refused at once. */
  refusal?: Refusal;
  /** What happens once the stream is open. */
  live?: (queue: Queue) => unknown;
}

/** Services whose one stream ends after what happens. */
function servicesOf({ refusal, live }: StreamRequest) {
  const run = async (queue: Queue) => {
    await live?.(queue);
    queue.end();
  };
  const streams = {
    open() {
      const queue = createEventQueue<StreamItem>(100);
      // After the catch-up, which needs no timer.
      setImmediate(() => void run(queue));
      return { queue, close: () => undefined };
    },
    count: () => 0,
    close: () => undefined,
  };
  const services = servicesWithoutEngines(createEmptyStore().store, streams);
  // The position of a stream without one, which is the id of its events.
  services.now = () => micros(1_700_000_000_000_000);
  services.rateLimits.consume = async () => {
    if (refusal) throw refusal;
  };
  return services;
}

/** The bytes and headers of our answer, and of tRPC's fetch adapter to the same request. */
async function answersTo(request: StreamRequest) {
  const { method = 'GET', query = '', headers = {} } = request;
  const url = `/trpc/events.subscribe${query}`;
  const server = await createServer(servicesOf(request), { logLevel: 'silent', webOrigins: [] });
  const sent = { authorization: 'Bearer x', 'content-type': 'application/json', ...headers };
  const ours = await server.inject({ method, url, headers: sent, ...(method === 'POST' && { payload: '{}' }) });
  await server.close();
  const theirs = await fetchRequestHandler({
    router: appRouter,
    endpoint: '/trpc',
    req: new Request(`http://server${url}`, { method, headers: sent, ...(method === 'POST' && { body: '{}' }) }),
    createContext: () => ({
      ...servicesOf(request),
      requestId: String(ours.headers['x-request-id']),
      record: createRequestRecord({ traceparent: undefined, log: () => undefined }),
      accessToken: 'x',
      address: '',
      signal: new AbortController().signal,
    }),
  });
  return { ours, theirs: { headers: Object.fromEntries(theirs.headers), body: await theirs.text() } };
}

const typing: StreamItem = { type: 'typing', messageGroupUuid: 'group', userUuid: 'ben', toUuid: 'ana' };
const read: StreamItem = {
  type: 'read',
  marker: { messageGroupUuid: 'group', userUuid: 'ben', readAt: '' },
  memberUuids: ['ana', 'ben'],
};
const inputOf = (input: unknown) => `?input=${encodeURIComponent(JSON.stringify(input))}`;
/** The interval of the pings, in which each stream has its turn once. */
const waitForPing = async () => void (await vi.advanceTimersByTimeAsync(10_050));

describe('a stream has the bytes and headers of tRPC’s adapter', () => {
  it.each<[string, StreamRequest]>([
    ['without input', {}],
    ['with events', { live: (queue) => [queue.push(typing), queue.push(read)] }],
    ['with a ping', { live: waitForPing }],
    ['with a failure', { live: (queue) => queue.fail(new Refusal('store_unavailable')) }],
    ['with a bug', { live: (queue) => queue.fail(new Error('of the store')) }],
    ['with the last id in the input', { query: inputOf({ lastEventId: '1700000000000000' }) }],
    ['with the last id in the query', { query: '?lastEventId=1700000000000000' }],
    ['with the last id as a browser names it', { query: '?Last-Event-Id=1700000000000000' }],
    [
      'with the last id in a header',
      { query: inputOf({ lastEventId: '1' }), headers: { 'last-event-id': '1700000000000000' } },
    ],
    ['with a last id that is refused', { query: inputOf({ lastEventId: 'x' }) }],
    ['with input that is refused', { query: inputOf('x') }],
    ['with input that is not JSON', { query: '?input=%7B' }],
    ['with connection parameters', { query: '?connectionParams=%7B%22a%22%3A%22b%22%7D' }],
    ['that is refused', { refusal: new Refusal('rate_limited', { retryAfter: 7 }) }],
    ['that is requested with POST', { method: 'POST' }],
  ])('%s', async (_, request) => {
    const { ours, theirs } = await answersTo({
      ...request,
      headers: { accept: 'text/event-stream', ...request.headers },
    });
    expect(ours.statusCode).toBe(200);
    expect(ours.body).toBe(theirs.body);
    const { 'cache-control': cacheControl, ...headers } = theirs.headers;
    expect(ours.headers).toMatchObject({ ...headers, 'cache-control': `${cacheControl}, no-store` });
  });
});

it('a refusal has its status unless the client reads only events', async () => {
  const refusal = new Refusal('rate_limited', { retryAfter: 7 });
  const { ours } = await answersTo({ refusal });
  expect([ours.statusCode, ours.headers['retry-after']]).toEqual([429, '7']);
  expect(ours.body).toContain('"reason":"rate_limited"');
});

it('connection parameters that are not JSON are refused before the stream', async () => {
  const { ours } = await answersTo({ query: '?connectionParams=%7B', headers: { accept: 'text/event-stream' } });
  expect(ours.statusCode).toBe(400);
  expect(ours.json().error.data.reason).toBe('input_invalid');
});
