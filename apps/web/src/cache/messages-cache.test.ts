import { describe, expect, it } from 'vitest';
import { makeMessage, range } from '../testing.ts';
import { addMessages, flattenMessages, hasMessage } from './messages-cache.ts';

const messages = (from: number, to: number) => range(from, to).map((minute) => makeMessage(minute));
const page = (from: number, to: number, nextCursor: string | null = 'older') => ({
  items: messages(from, to),
  nextCursor,
});
const names = (list: readonly { uuid: string }[]) =>
  list.map((message) => message.uuid.replace('message-', '')).join(' ');

describe('flattenMessages', () => {
  it('is empty until a page is read', () => {
    expect(flattenMessages(undefined, messages(1, 2))).toEqual([]);
  });

  it('puts older pages before newer ones, and live messages at the end', () => {
    const data = { pages: [page(4, 6), page(1, 3, null)] };
    expect(names(flattenMessages(data, messages(7, 8)))).toBe('1 2 3 4 5 6 7 8');
  });

  it('shows a message once that is in two pages and an event', () => {
    const data = { pages: [page(4, 6), page(2, 4)] };
    expect(names(flattenMessages(data, messages(5, 7)))).toBe('2 3 4 5 6 7');
  });

  it('inserts a message of a server with a slow clock at its time', () => {
    const data = { pages: [{ items: [makeMessage(1), makeMessage(5)], nextCursor: null }] };
    expect(names(flattenMessages(data, [makeMessage(3)]))).toBe('1 3 5');
  });

  it('hides live messages before a gap, after the pages were replaced', () => {
    const data = { pages: [page(50, 60)] };
    expect(names(flattenMessages(data, [makeMessage(10), makeMessage(61)]))).toBe(`${range(50, 61).join(' ')}`);
  });
});

describe('addMessages', () => {
  it('leaves known messages as they are', () => {
    const known = messages(1, 2);
    expect(addMessages(known, [makeMessage(2, { message: 'changed' })])).toEqual(known);
  });

  it('keeps two of one millisecond in the order of their microseconds', () => {
    const first = makeMessage(1, { uuid: 'message-a', createdAt: '2026-11-20T08:01:00.000001Z' });
    const second = makeMessage(1, { uuid: 'message-b', createdAt: '2026-11-20T08:01:00.000002Z' });
    expect(names(addMessages([second], [first]))).toBe('a b');
  });
});

describe('hasMessage', () => {
  it('looks in the pages and in the live messages', () => {
    const data = { pages: [page(4, 6), page(1, 3)] };
    const has = (uuid: string) => hasMessage(data, messages(7, 7), uuid);
    expect(['message-2', 'message-7', 'message-8'].map(has)).toEqual([true, true, false]);
    expect(hasMessage(undefined, [], 'message-1')).toBe(false);
  });
});
