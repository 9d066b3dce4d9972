import { describe, expect, it } from 'vitest';
import { at, makeMessage } from '../testing.ts';
import { type Reading, takeArrival, takeCount, takeMarker, unreadOf } from './unread-state.ts';

/** A row's count; `through` and `readAt` in minutes. */
const row = (unreadCount: number, through: number, readAt: number | null = null) => ({
  unreadCount,
  unreadThrough: at(through),
  readAt: readAt === null ? null : at(readAt),
});
const counted = (...args: Parameters<typeof row>) => takeCount(undefined, row(...args));
const arrive = (reading: Reading | undefined, minutes: number, isKnown = false) =>
  takeArrival(reading, makeMessage(minutes), isKnown);

describe('messages that arrive', () => {
  it('are added to what the server counted, each once', () => {
    const once = arrive(counted(2, 10), 11);
    expect(unreadOf(once)).toBe(3);
    expect(arrive(once, 11)).toBe(once);
    expect(unreadOf(arrive(once, 12))).toBe(4);
  });

  it('are nothing new where one has read them already', () => {
    expect(unreadOf(arrive(counted(0, 5, 11), 11))).toBe(0);
  });

  it('leave the count to the server where it may have counted them', () => {
    const doubtful = arrive(counted(2, 10), 9);
    expect([unreadOf(doubtful), doubtful.doubt]).toEqual([2, 'message-9']);
    expect(arrive(counted(2, 10), 9, true).doubt).toBeNull();
    expect(takeCount(doubtful, row(3, 10))).toMatchObject({ unreadCount: 3, doubt: null });
  });

  it('count as far as is known in a group that is not loaded, and ask for its row', () => {
    const reading = arrive(arrive(undefined, 11), 12);
    expect([unreadOf(reading), reading.doubt]).toEqual([2, 'message-11']);
    expect(unreadOf(takeCount(reading, row(7, 12)))).toBe(7);
  });

  it('beyond 99 are all one', () => {
    expect(unreadOf(arrive(arrive(counted(99, 10), 11), 12))).toBe(100);
  });
});

describe('one’s own marker', () => {
  it('leaves nothing unread where it reaches the newest', () => {
    expect(unreadOf(takeMarker(arrive(counted(2, 10), 11), at(11)))).toBe(0);
  });

  it('leaves those that came after it', () => {
    const reading = arrive(arrive(counted(2, 10), 11), 12);
    expect(unreadOf(takeMarker(reading, at(10)))).toBe(2);
    expect(unreadOf(takeMarker(reading, at(11)))).toBe(1);
    expect(takeMarker(reading, at(11)).doubt).toBeNull();
  });

  it('among those that the server counted makes it count again', () => {
    const reading = takeMarker(counted(3, 10, 5), at(8));
    expect(reading.doubt).toBe(at(8));
    expect(takeMarker(counted(0, 10, 5), at(8)).doubt).toBeNull();
    expect(takeCount(reading, row(1, 10, 8))).toMatchObject({ unreadCount: 1, doubt: null });
  });

  it('never moves backwards', () => {
    const reading = takeMarker(counted(2, 10), at(10));
    expect(takeMarker(reading, at(9))).toBe(reading);
    expect(unreadOf(arrive(reading, 10))).toBe(0);
  });
});

describe('a row of the list', () => {
  it('that was read before a mark does not bring back what the mark has cleared', () => {
    const marked = takeMarker(counted(3, 10, 5), at(10));
    expect(unreadOf(takeCount(marked, row(3, 10, 5)))).toBe(0);
  });

  it('that was read before a message does not take it away, and one that counted it does not double it', () => {
    const reading = arrive(counted(1, 10), 11);
    expect(unreadOf(takeCount(reading, row(1, 10)))).toBe(2);
    expect(unreadOf(takeCount(reading, row(2, 11)))).toBe(2);
  });

  it('with an older count still tells of a later mark', () => {
    expect(unreadOf(takeCount(counted(2, 10, 5), row(0, 9, 10)))).toBe(0);
  });

  it('read between two marks is counted again', () => {
    const marked = takeMarker(counted(9, 10, 2), at(6));
    expect(takeCount(marked, row(8, 11, 4))).toMatchObject({ readAt: at(6), doubt: at(6) });
  });
});

describe('in any order of count, arrivals and mark', () => {
  it('comes out the same', () => {
    const steps: ((reading: Reading) => Reading)[] = [
      (reading) => arrive(reading, 11),
      (reading) => arrive(reading, 12),
      (reading) => arrive(reading, 11),
      (reading) => takeMarker(reading, at(11)),
      (reading) => takeCount(reading, row(3, 11, 5)),
    ];
    const orders = permutations(steps);
    expect(orders).toHaveLength(120);
    for (const order of orders) {
      const end = order.reduce((reading, step) => step(reading), counted(2, 10, 5));
      expect([unreadOf(end), end.doubt]).toEqual([1, null]);
    }
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}
