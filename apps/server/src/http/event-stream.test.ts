import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TRPCError, tracked } from '@trpc/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal } from '../errors.ts';
import { createEventQueue } from '../live/event-queue.ts';
import { createPings, writeEvents } from './event-stream.ts';

const onUnhandled = vi.fn<(reason: unknown) => void>();

beforeEach(() => {
  onUnhandled.mockClear();
  process.on('unhandledRejection', onUnhandled);
});
afterEach(() => void process.off('unhandledRejection', onUnhandled));

const OPTIONS = { client: undefined, describe: ({ message }: TRPCError) => ({ message }) };

/** Waits until every step that needs neither network nor timer is done. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A stream of numbers to a client that reads nothing yet. */
function openStream() {
  const queue = createEventQueue<number>(100);
  const response = new PassThrough({ highWaterMark: 20 });
  async function* events() {
    for await (const item of queue) yield tracked(String(item), item);
  }
  void writeEvents(response, events(), OPTIONS);
  return { queue, response };
}

describe('a stream', () => {
  // The number of unread events decides what the writer waits for: the next event, or the client.
  it.each([0, 1, 2, 3, 20])(
    'may fail with %d events unread: no rejection is unhandled, and a client that reads on receives the error',
    async (count) => {
      const { queue, response } = openStream();
      for (let item = 0; item < count; item++) queue.push(item);
      await settle();
      queue.fail(new Refusal('store_unavailable'));
      await settle();
      await settle();
      expect(onUnhandled).not.toHaveBeenCalled();
      expect(await text(response)).toMatch(
        /event: serialized-error\ndata: {"message":"A store is unavailable.*"}\n\n\n$/,
      );
    },
  );

  it('leaves events in its queue that the client does not read', async () => {
    const { queue, response } = openStream();
    for (let item = 0; item < 100; item++) queue.push(item);
    await settle();
    // The writer took one.
    expect([queue.push(100), queue.push(101)]).toEqual([true, false]);
    response.destroy();
    await settle();
    expect(onUnhandled).not.toHaveBeenCalled();
  });

  it('ends its source when the client leaves', async () => {
    const onReturn = vi.fn<() => void>();
    async function* events() {
      try {
        for (;;) yield 'event';
      } finally {
        onReturn();
      }
    }
    const response = new PassThrough({ highWaterMark: 20 });
    void writeEvents(response, events(), OPTIONS);
    await settle();
    expect(onReturn).not.toHaveBeenCalled();
    response.destroy();
    await expect.poll(() => onReturn).toHaveBeenCalledOnce();
  });
});

describe('pings', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => void vi.useRealTimers());

  it('are sent to every stream once per interval, unless it is closed or not read', () => {
    const pings = createPings(10_000);
    const streams = Array.from({ length: 250 }, () => new PassThrough());
    const stops = streams.map((stream) => pings.start(stream));
    const [read, closed, unread] = [streams[0], streams[1], streams[2]];
    closed?.destroy();
    unread?.write('x'.repeat(100_000));
    stops[3]?.();
    const count = (stream: PassThrough | undefined) => String(stream?.read() ?? '').split('event: ping').length - 1;
    vi.advanceTimersByTime(10_000);
    expect(streams.map(count)).toEqual(streams.map((_, i) => (i === 1 || i === 2 || i === 3 ? 0 : 1)));
    vi.advanceTimersByTime(20_000);
    expect(count(read)).toBe(2);
    pings.close();
    vi.advanceTimersByTime(20_000);
    expect(count(read)).toBe(0);
  });
});
