import { describe, expect, it } from 'vitest';
import { at, makeMessage, range } from '../testing.ts';
import { joinMessages, openingTime } from './use-thread-window.ts';

const messages = (from: number, to: number) => range(from, to).map((minute) => makeMessage(minute));

describe('joinMessages', () => {
  it('joins a window with the newest messages once the two meet', () => {
    expect(joinMessages(messages(1, 5), messages(5, 9))).toEqual({ messages: messages(1, 9), isAtNewest: true });
    expect(joinMessages(messages(1, 7), messages(5, 9))).toEqual({ messages: messages(1, 9), isAtNewest: true });
  });

  it('shows only the window while messages between the two may be missing', () => {
    expect(joinMessages(messages(1, 4), messages(5, 9))).toEqual({ messages: messages(1, 4), isAtNewest: false });
  });
});

describe('openingTime', () => {
  const through = at(60);
  const newest = { messages: messages(20, 30), hasNextPage: true };

  it('is the read marker if unread messages are older than the newest page', () => {
    expect(openingTime(newest, { after: at(5), through }, 'me')).toBe(at(5));
    expect(openingTime(newest, { after: null, through }, 'me')).toBe('1970-01-01T00:00:00.000Z');
  });

  it('is null if the first unread message is loaded, or nothing is unread', () => {
    expect(openingTime(newest, { after: at(20), through }, 'me')).toBeNull();
    expect(openingTime(newest, { after: at(30), through }, 'me')).toBeNull();
    expect(openingTime({ ...newest, hasNextPage: false }, { after: null, through }, 'me')).toBeNull();
    expect(openingTime(newest, { after: at(5), through }, 'bayko-uuid')).toBeNull();
  });
});
