import { initTRPC } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createEventQueue } from '../live/event-queue.ts';
import { withHandledFailures } from './with-handled-failures.ts';

const onUnhandled = vi.fn<(reason: unknown) => void>();

beforeEach(() => {
  onUnhandled.mockClear();
  process.on('unhandledRejection', onUnhandled);
});
afterEach(() => void process.off('unhandledRejection', onUnhandled));

/** A stream of a tRPC server, as the page receives it. */
async function openStream(source: AsyncIterable<number, void>): Promise<ReadableStream> {
  const t = initTRPC.create({ sse: { ping: { enabled: true, intervalMs: 60_000 } } });
  const router = t.router({ count: t.procedure.subscription(() => withHandledFailures(source)) });
  const req = new Request('http://server/count', { headers: { accept: 'text/event-stream' } });
  const { body } = await fetchRequestHandler({ req, router, endpoint: '' });
  if (!body) throw new Error('there is no stream');
  return body;
}

/** Waits until every step that needs neither network nor timer is done. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

// The number of unread events decides what tRPC waits for: its source, or the page.
it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 20])(
  'a stream may fail with %d events unread: no rejection is unhandled, and a page that keeps reading receives the error',
  async (count) => {
    const queue = createEventQueue<number>(100);
    const stream = await openStream(queue);
    for (let item = 0; item < count; item++) queue.push(item);
    await settle();
    queue.fail(new Error('dropped'));
    await settle();
    await settle();
    expect(onUnhandled).not.toHaveBeenCalled();
    expect(await new Response(stream).text()).toContain('event: serialized-error');
  },
);
