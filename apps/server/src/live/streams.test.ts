import { type BusEvent, recipientsOf } from '@cruddur/bus';
import { describe, expect, it, vi } from 'vitest';
import type { BusListener, EventBus } from './event-bus.ts';
import { createStreams } from './streams.ts';

/** A bus within the process. */
function createLocalBus(): EventBus & { gap: BusListener['onGap']; followed: string[] } {
  const listeners = new Set<BusListener>();
  const followed: string[] = [];
  return {
    async publish(event) {
      for (const each of listeners) each.onEvent(event, recipientsOf(event));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    gap(isAffected, since) {
      for (const each of listeners) each.onGap(isAffected, since);
    },
    followed,
    follow(userUuid) {
      followed.push(userUuid);
      return {
        ready: Promise.resolve(),
        isHeard: () => true,
        end: () => void followed.splice(followed.indexOf(userUuid), 1),
      };
    },
    start: () => {},
    close: async () => {},
  };
}

const typing = (toUuid: string): BusEvent => ({ type: 'typing', messageGroupUuid: 'g', userUuid: 'x', toUuid });
const LIMITS = { ofPerson: 2, inAll: 3 };

const connectionOf = (isStalled: boolean) => ({
  drop: vi.fn<() => void>(),
  isStalled: () => isStalled,
  endAfterAnswer: () => {},
  onClose: vi.fn<(listener: () => void) => void>(),
});

describe('the streams of an instance', () => {
  it('are limited per person and in total, and a closed one makes room', async () => {
    const streams = createStreams(createLocalBus(), LIMITS, () => {});
    const first = streams.open('ana');
    streams.open('ana');
    expect(() => streams.open('ana')).toThrow('Too many requests');
    streams.open('ben');
    expect(() => streams.open('eve')).toThrow('Too many requests');
    first.close();
    first.close();
    expect(streams.count()).toBe(2);
    streams.open('eve');
    await streams.close();
  });

  it('receive the events of their person, and every gap', async () => {
    const bus = createLocalBus();
    const streams = createStreams(bus, LIMITS, () => {});
    const [ana, ben] = [streams.open('ana'), streams.open('ben')];
    await bus.publish(typing('ben'));
    bus.gap();
    const next = async ({ queue }: typeof ana) => (await queue[Symbol.asyncIterator]().next()).value?.type;
    expect([await next(ana), await next(ben), await next(ben)]).toEqual(['gap', 'typing', 'gap']);
    await streams.close();
  });

  it('receive a gap only if the events of their person may be lost', async () => {
    const bus = createLocalBus();
    const streams = createStreams(bus, LIMITS, () => {});
    const ana = streams.open('ana');
    const ben = streams.open('ben');
    bus.gap((userUuid) => userUuid === 'ben');
    await bus.publish(typing('ana'));
    const next = async ({ queue }: typeof ana) => (await queue[Symbol.asyncIterator]().next()).value?.type;
    expect([await next(ana), await next(ben)]).toEqual(['typing', 'gap']);
    await streams.close();
  });

  it('ask the bus for the events of their person until they end', async () => {
    const bus = createLocalBus();
    const streams = createStreams(bus, LIMITS, () => {});
    const [first, second] = [streams.open('ana'), streams.open('ana')];
    expect(bus.followed).toEqual(['ana', 'ana']);
    first.close();
    first.close();
    expect(bus.followed).toEqual(['ana']);
    second.close();
    expect(bus.followed).toEqual([]);
    await streams.close();
  });

  it('end one after the other at shutdown, and receive events until then', async () => {
    vi.useFakeTimers();
    const bus = createLocalBus();
    const streams = createStreams(bus, { ofPerson: 1, inAll: 25 }, () => {});
    const people = Array.from({ length: 25 }, (_, i) => `person ${i}`);
    const received: string[] = [];
    const ended: string[] = [];
    for (const person of people) {
      const { queue } = streams.open(person);
      void (async () => {
        for await (const item of queue) received.push(`${item.type} for ${person}`);
      })().catch((error: Error) => ended.push(`${person}: ${error.message}`));
    }
    const closed = streams.close();
    expect(streams.close()).toBe(closed);
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).toHaveLength(10);
    await bus.publish(typing('person 24'));
    await vi.advanceTimersByTimeAsync(50);
    expect([ended.length, received]).toEqual([20, ['typing for person 24']]);
    expect(() => streams.open('late')).toThrow('unavailable');
    await vi.advanceTimersByTimeAsync(50);
    await closed;
    expect(ended).toHaveLength(25);
    vi.useRealTimers();
  });

  it('all end within fifteen seconds, however many they are', async () => {
    vi.useFakeTimers();
    const streams = createStreams(createLocalBus(), { ofPerson: 1, inAll: 4_500 }, () => {});
    const connection = { ...connectionOf(false), endAfterAnswer: vi.fn<() => void>() };
    for (let i = 0; i < 4_500; i++) streams.open(`person ${i}`, connection);
    void streams.close();
    await vi.advanceTimersByTimeAsync(7_500);
    expect(connection.endAfterAnswer.mock.calls.length).toBeGreaterThan(2_000);
    expect(connection.endAfterAnswer.mock.calls.length).toBeLessThan(2_500);
    await vi.advanceTimersByTimeAsync(7_500);
    expect(connection.endAfterAnswer).toHaveBeenCalledTimes(4_500);
    vi.useRealTimers();
  });

  it('end with their connection, also one that is closed before they open', async () => {
    const streams = createStreams(createLocalBus(), LIMITS, () => {});
    const connection = connectionOf(false);
    streams.open('ana', connection);
    connection.onClose.mock.calls[0]?.[0]();
    expect(streams.count()).toBe(0);
    const { queue } = streams.open('ana', { ...connection, onClose: (listener) => listener() });
    expect((await queue[Symbol.asyncIterator]().next()).done).toBe(true);
    expect(streams.count()).toBe(0);
    await streams.close();
  });

  it('are dropped once, when a thousand events are pending or a socket is stalled for two sweeps', async () => {
    vi.useFakeTimers();
    const bus = createLocalBus();
    const onDrop = vi.fn<(reason: string) => void>();
    const streams = createStreams(bus, LIMITS, onDrop);
    const [slow, stalled] = [connectionOf(false), connectionOf(true)];
    streams.open('ana', slow);
    streams.open('ben', stalled);
    for (let i = 0; i < 1010; i++) await bus.publish(typing('ana'));
    vi.advanceTimersByTime(31_000);
    expect(onDrop.mock.calls).toEqual([['full'], ['stalled']]);
    expect([slow.drop.mock.calls.length, stalled.drop.mock.calls.length]).toEqual([1, 1]);
    await streams.close();
    vi.useRealTimers();
  });
});
