import { describe, expect, it } from 'vitest';
import { at, type makeItem, makeMessage, range } from '../testing.ts';
import { buildThreadRows } from './thread-rows.ts';
import { stepToMessage } from './use-message-focus.ts';
import { isPrepending, keyAt } from './use-thread-scroll.ts';

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

describe('keyAt', () => {
  const rows = thread(1, 9);

  it('is the line above the first unread message, if there is one', () => {
    expect(keyAt(rows, { kind: 'new' })).toBeUndefined();
    const messages = range(1, 9).map((minute) => makeMessage(minute));
    const unread = { after: at(3), through: at(9) };
    expect(keyAt(buildThreadRows({ messages, outbox: [], myUuid: 'me', unread }), { kind: 'new' })).toBe('new');
  });

  it('is a message, or if it is gone, the next one', () => {
    expect(keyAt(rows, { kind: 'message', uuid: 'message-4', time: at(4) })).toBe('message-4');
    expect(keyAt(rows, { kind: 'message', uuid: 'gone', time: at(4) })).toBe('message-4');
    expect(keyAt(rows, { kind: 'message', uuid: 'gone', time: at(10) })).toBeUndefined();
  });

  it('is the first message from a time on, not its day', () => {
    expect(keyAt(rows, { kind: 'time', time: at(-600) })).toBe('message-1');
    expect(keyAt(rows, { kind: 'end' })).toBeUndefined();
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
