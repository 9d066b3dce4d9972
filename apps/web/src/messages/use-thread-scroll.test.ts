import { describe, expect, it } from 'vitest';
import { makeItem, makeMessage, range } from '../testing.ts';
import { buildThreadRows } from './thread-rows.ts';
import { stepToMessage } from './use-message-focus.ts';
import { countNewBelow, isPrepending } from './use-thread-scroll.ts';

const thread = (from: number, to: number, outbox = [] as ReturnType<typeof makeItem>[]) =>
  buildThreadRows({ messages: range(from, to).map((minute) => makeMessage(minute)), outbox, myUuid: 'me' });

describe('isPrepending', () => {
  it('is true if older rows were added, even if the day’s row moves up with them', () => {
    expect(isPrepending(thread(5, 9), thread(1, 9))).toBe(true);
  });

  it('is false for rows at the end, for the first ones, and for another list', () => {
    expect(isPrepending(thread(5, 9), thread(5, 12))).toBe(false);
    expect(isPrepending([], thread(1, 9))).toBe(false);
    expect(isPrepending(thread(5, 9), thread(100, 120))).toBe(false);
  });
});

describe('countNewBelow', () => {
  it('counts the other person’s messages below the last one seen', () => {
    expect(countNewBelow(thread(1, 9), 'message-6')).toBe(3);
    expect(countNewBelow(thread(1, 9), 'message-9')).toBe(0);
  });

  it('does not count unsent messages', () => {
    expect(countNewBelow(thread(1, 9, [makeItem(10)]), 'message-8')).toBe(1);
  });

  it('counts nothing if the last row seen is gone', () => {
    expect(countNewBelow(thread(1, 9), 'deleted')).toBe(0);
  });
});

describe('stepToMessage', () => {
  const rows = thread(1, 3); // a day, three messages

  it('moves up and down, and stops at the ends', () => {
    expect([stepToMessage(rows, 2, -1), stepToMessage(rows, 2, 1)]).toEqual([1, 3]);
    expect([stepToMessage(rows, 1, -1), stepToMessage(rows, 3, 1)]).toEqual([-1, -1]);
  });

  it('skips the day between two messages', () => {
    const days = buildThreadRows({ messages: [makeMessage(0), makeMessage(3000)], outbox: [], myUuid: 'me' });
    expect(days.map((row) => row.kind)).toEqual(['day', 'message', 'day', 'message']);
    expect([stepToMessage(days, 1, 1), stepToMessage(days, 3, -1)]).toEqual([3, 1]);
  });

  it('starts at the newest', () => {
    expect(stepToMessage(rows, -1, -1)).toBe(3);
    expect(stepToMessage([], -1, -1)).toBe(-1);
  });
});
