import type { BusEvent } from '@cruddur/bus';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventBus } from './event-bus.ts';
import { reportWrites } from './report-writes.ts';

const MINUTE = 60_000;
const published: BusEvent[] = [];
const reported: number[] = [];
const write = (bus: EventBus) => bus.publish({ type: 'message' } as BusEvent);

function createBus(): EventBus {
  const bus = { publish: async (event: BusEvent) => void published.push(event) } as unknown as EventBus;
  return reportWrites(bus, (count) => reported.push(count));
}

beforeEach(() => {
  vi.useFakeTimers();
  published.length = 0;
  reported.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

describe('reportWrites', () => {
  it('reports the first message at once, and those of a minute together', async () => {
    const bus = createBus();
    await write(bus);
    expect(reported).toEqual([1]);
    for (let i = 0; i < 500; i++) await write(bus);
    expect(reported).toEqual([1]);
    vi.advanceTimersByTime(MINUTE);
    expect(reported).toEqual([1, 500]);
    expect(published).toHaveLength(501);
  });

  it('reports nothing while no message is written, and the next one at once', async () => {
    const bus = createBus();
    await write(bus);
    vi.advanceTimersByTime(10 * MINUTE);
    expect(reported).toEqual([1]);
    await write(bus);
    expect(reported).toEqual([1, 1]);
  });

  it('counts no other events: their records do not all reach the Lambdas', async () => {
    const bus = createBus();
    for (const type of ['changed', 'read', 'typing', 'state']) await bus.publish({ type } as BusEvent);
    vi.advanceTimersByTime(MINUTE);
    expect(reported).toEqual([]);
    expect(published).toHaveLength(4);
  });
});
