import { describe, expect, it } from 'vitest';
import { at, makeMessage, range } from '../testing.ts';
import { buildThreadRows } from './thread-rows.ts';
import { isLoaded, noticeAt, startOfDay } from './use-jump.ts';
import type { Place } from './use-thread-window.ts';

const rows = buildThreadRows({
  messages: range(10, 19).map((minute) => makeMessage(minute)),
  outbox: [],
  myUuid: 'me',
});
const message = (minute: number, uuid = `message-${minute}`) => ({ kind: 'message', uuid, time: at(minute) }) as const;
const time = (minute: number) => ({ kind: 'time', time: at(minute) }) as const;

describe('isLoaded', () => {
  const middle = {
    older: { hasMore: true, isLoading: false, isError: false, load: () => undefined },
    isAtNewest: false,
  };
  const whole = { older: { ...middle.older, hasMore: false }, isAtNewest: true };
  const load = (part: typeof middle, ...places: (Place & { time: string })[]) =>
    places.map((place) => isLoaded(rows, part, place));

  it('is true for a message that is loaded, and for a place among the loaded ones', () => {
    expect(load(middle, message(10), message(19), message(12, 'gone'), time(12))).toEqual([true, true, true, true]);
  });

  it('is false for a place where others may be', () => {
    expect(load(middle, message(9), message(20), time(9), time(10), time(20))).toEqual(Array(5).fill(false));
  });

  it('is true for any place if the whole thread is loaded', () => {
    expect(load(whole, message(9), message(20), time(0))).toEqual([true, true, true]);
  });
});

describe('noticeAt', () => {
  it('says that a message is gone, and nothing of one that is there', () => {
    expect(noticeAt(rows, message(12))).toBeNull();
    expect(noticeAt(rows, message(12, 'gone'))).toBe('That message could not be found.');
  });

  it('says that a day has no messages', () => {
    expect(noticeAt(rows, time(9))).toBeNull();
    expect(noticeAt(rows, time(-3_000))).toBe('No messages on that day. These are the next ones.');
    expect(noticeAt(rows, time(3_000))).toBe('No messages on that day or later.');
  });
});

describe('startOfDay', () => {
  it('is midnight where the reader is', () => {
    const start = new Date(startOfDay('2026-11-20'));
    expect([start.getDate(), start.getHours(), start.getMinutes()]).toEqual([20, 0, 0]);
  });

  it('is the beginning of time for an invalid day, or one before it', () => {
    expect(startOfDay('')).toBe('1970-01-01T00:00:00.000Z');
    expect(startOfDay('0800-12-25')).toBe('1970-01-01T00:00:00.000Z');
  });
});
