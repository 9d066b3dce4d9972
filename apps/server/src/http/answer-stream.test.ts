import { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { micros } from '@cruddur/ddb';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createEmptyStore } from '../../tests/empty-store.ts';
import { openSocket } from '../../tests/send-request.ts';
import { servicesWithoutEngines } from '../../tests/services-without-engines.ts';
import { Refusal } from '../errors.ts';
import { createEventQueue, type EventQueue } from '../live/event-queue.ts';
import type { StreamConnection, StreamItem } from '../live/streams.ts';
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
      return { queue, ready: Promise.resolve(), isHeard: () => true, close: () => undefined };
    },
    count: () => 0,
    close: () => Promise.resolve(),
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
    [
      'with the last id in the query and a header',
      { query: '?lastEventId=1', headers: { 'last-event-id': '1700000000000000' } },
    ],
    ['with a last id that is refused', { query: inputOf({ lastEventId: 'x' }) }],
    ['with input that is refused', { query: inputOf('x') }],
    ['with text as its input and a last id', { query: `${inputOf('x')}&lastEventId=1` }],
    ['with a list as its input and a last id', { query: `${inputOf([])}&lastEventId=1` }],
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

describe('a connection', () => {
  beforeEach(() => void vi.useRealTimers());

  /** Opens a stream on a connection whose client does not read yet. */
  async function openConnection(log: (line: string) => void = () => undefined) {
    let opened: { queue: Queue; connection: StreamConnection } | undefined;
    const streams = {
      open(_userUuid: string, connection?: StreamConnection) {
        const queue = createEventQueue<StreamItem>(1000);
        if (connection) opened = { queue, connection };
        return { queue, ready: Promise.resolve(), isHeard: () => true, close: () => undefined };
      },
      count: () => 0,
      close: () => Promise.resolve(),
    };
    const services = servicesWithoutEngines(createEmptyStore().store, streams);
    const options = { logLevel: 'info', logStream: { write: log }, webOrigins: ['http://page'] };
    const server = await createServer(services, options);
    const socket = openSocket(await server.listen({ port: 0, host: '127.0.0.1' })).pause();
    onTestFinished(async () => {
      socket.destroy();
      opened?.queue.end();
      await server.close();
    });
    const head =
      'GET /trpc/events.subscribe HTTP/1.1\r\nHost: x\r\nOrigin: http://page\r\nAuthorization: Bearer x\r\n\r\n';
    socket.write(head);
    await vi.waitUntil(() => opened, 20_000);
    return { socket, ...(opened as NonNullable<typeof opened>) };
  }
  const fill = (queue: Queue) => {
    for (let item = 0; item < 500; item++) queue.push({ ...typing, messageGroupUuid: 'x'.repeat(100_000) });
  };

  it('is stalled once the system keeps no more of it, until its client reads', async () => {
    const { socket, queue, connection } = await openConnection();
    expect(connection.isStalled()).toBe(false);
    fill(queue);
    await vi.waitUntil(connection.isStalled, 20_000);
    socket.resume();
    await vi.waitUntil(() => !connection.isStalled(), 20_000);
  });

  it('is dropped with what is unsent', async () => {
    const { queue, connection } = await openConnection();
    fill(queue);
    await vi.waitUntil(connection.isStalled, 20_000);
    const closed = vi.fn<() => void>();
    connection.onClose(closed);
    connection.drop();
    await expect.poll(() => closed).toHaveBeenCalledOnce();
  });

  it('closes after the answer when asked to, and the answer has the headers of all answers', async () => {
    const { socket, queue, connection } = await openConnection();
    connection.endAfterAnswer();
    queue.end();
    const answer = await text(socket);
    expect(answer).toMatch(/\r\naccess-control-allow-origin: http:\/\/page\r\n/);
    expect(answer).toContain('event: return');
  });

  it('is logged with the failure of its stream', async () => {
    const log = vi.fn<(line: string) => void>();
    const { queue } = await openConnection(log);
    queue.fail(new Error('a bug'));
    await expect.poll(() => String(log.mock.calls)).toContain('unexpected error');
  });
});

it('an ended stream has no pings, which would keep it in memory', async () => {
  const flush = vi.spyOn(ServerResponse.prototype, 'flushHeaders');
  onTestFinished(() => flush.mockRestore());
  const server = await createServer(servicesOf({}), { logLevel: 'silent', webOrigins: [] });
  await server.inject({ url: '/trpc/events.subscribe', headers: { authorization: 'Bearer x' } });
  const isDestroyed = vi.fn<() => boolean>(() => true);
  Object.defineProperty(flush.mock.contexts[0], 'destroyed', { get: isDestroyed });
  await waitForPing();
  expect(isDestroyed).not.toHaveBeenCalled();
  await server.close();
});
