import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createEmptyStore } from '../../tests/empty-store.ts';
import { servicesWithoutEngines } from '../../tests/services-without-engines.ts';
import type { Context } from '../context.ts';
import { Refusal } from '../errors.ts';
import { createEventQueue } from '../live/event-queue.ts';
import type { EventStream, StreamItem } from '../live/streams.ts';
import { appRouter } from '../router.ts';
import { createRequestRecord } from '../telemetry/request-record.ts';

const onUnhandled = vi.fn<(reason: unknown) => void>();

beforeEach(() => {
  onUnhandled.mockClear();
  process.on('unhandledRejection', onUnhandled);
});
afterEach(() => void process.off('unhandledRejection', onUnhandled));

/** A request's context with an empty store and the test's stream. */
function contextOf(stream: EventStream): Context {
  const streams = { open: () => stream, count: () => 1, close: () => undefined };
  const { store } = createEmptyStore();
  return {
    ...servicesWithoutEngines(store, streams),
    requestId: 'request',
    record: createRequestRecord({ traceparent: undefined, log: () => undefined }),
    accessToken: 'token',
    address: '127.0.0.1',
    acceptsStream: true,
    signal: new AbortController().signal,
  };
}

/** The real procedure's stream, as the page receives it. */
async function subscribe(stream: EventStream): Promise<ReadableStream> {
  const req = new Request('http://server/events.subscribe?input=%7B%7D', { headers: { accept: 'text/event-stream' } });
  const { body } = await fetchRequestHandler({
    req,
    router: appRouter,
    endpoint: '',
    createContext: () => contextOf(stream),
  });
  if (!body) throw new Error('there is no stream');
  return body;
}

/** Waits until every step that needs neither network nor timer is done. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

// The number of unread events decides what tRPC waits for: its source, or the page. Before them comes `caught_up`.
it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 20])(
  'a subscription may fail with %d events unread: no rejection is unhandled, and a page that keeps reading receives the error',
  async (count) => {
    const stream = { queue: createEventQueue<StreamItem>(100), close: () => undefined };
    const body = await subscribe(stream);
    const typing = { type: 'typing', messageGroupUuid: 'group', userUuid: 'ben', toUuid: 'ana' } as const;
    for (let item = 0; item < count; item++) stream.queue.push(typing);
    await settle();
    stream.queue.fail(new Refusal('store_unavailable'));
    await settle();
    await settle();
    expect(onUnhandled).not.toHaveBeenCalled();
    const text = await new Response(body).text();
    expect(text).toContain('event: serialized-error');
    expect(text).toContain('store_unavailable');
  },
);
