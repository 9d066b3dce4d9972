import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createEmptyStore } from '../../tests/empty-store.ts';
import { createEventQueue } from './event-queue.ts';
import { type LiveEvent, liveEvents } from './live-events.ts';
import type { StreamItem } from './streams.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('queries the table at the start, 1, 5 and 30 s later, and never again while nothing happens', async () => {
  const { store, callCount } = createEmptyStore();
  const stream = { queue: createEventQueue<StreamItem>(10), close: () => undefined };
  const received: LiveEvent[] = [];
  const read = async () => {
    const events = liveEvents({ store, userUuid: 'ana', stream, position: undefined, now: store.clock });
    for await (const { event } of events) received.push(event);
  };
  const counts: number[] = [];
  const wait = async () => {
    for (const ms of [0, 999, 1, 3_999, 1, 24_999, 1, 570_000]) {
      await vi.advanceTimersByTimeAsync(ms);
      counts.push(callCount());
    }
    stream.queue.end();
  };
  await Promise.all([read(), wait()]);
  expect(counts).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  expect(received).toEqual([{ type: 'caught_up', isComplete: false }]);
});
