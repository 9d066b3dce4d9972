// @vitest-environment jsdom
import { renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useThreadPosition } from './use-thread-position.ts';

function setUp() {
  const element = { scrollTop: 400, scrollHeight: 1_000, clientHeight: 600 };
  const view = { scroller: { current: element as HTMLDivElement }, list: { current: null }, rows: [] };
  const { result } = renderHook(() => useThreadPosition(view, { isAtNewest: true, countAfter: () => 0 }));
  /** Scrolls, or lets the rows grow, and tells the hook. */
  const change = (changes: Partial<typeof element>) => {
    Object.assign(element, changes);
    result.current.update();
    return result.current.isAtEnd();
  };
  const { follow, endFollowing } = result.current;
  return { change, follow, endFollowing };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('stays at the end while rows are added faster than they are scrolled to', () => {
  const { change } = setUp();
  expect(change({ scrollHeight: 1_500 })).toBe(true);
  expect(change({ scrollTop: 700 })).toBe(true);
});

it('stays at the end when the view moves up because the pane grows while rows are added', () => {
  const { change, follow } = setUp();
  expect(change({ clientHeight: 560, scrollTop: 440 })).toBe(true);
  follow();
  vi.advanceTimersByTime(1_000);
  expect(change({ clientHeight: 600, scrollTop: 400, scrollHeight: 1_500 })).toBe(true);
  expect(change({ scrollTop: 900 })).toBe(true);
  expect(change({ scrollTop: 800 })).toBe(false);
});

it('stays at the end while it scrolls there by way of rows whose heights it guesses, unless the reader scrolls', () => {
  const { change, follow, endFollowing } = setUp();
  follow();
  expect(change({ scrollTop: 450, scrollHeight: 1_500 })).toBe(true);
  expect(change({ scrollTop: 370 })).toBe(true);
  endFollowing();
  expect(change({ scrollTop: 350 })).toBe(false);
  follow();
  expect(change({ scrollTop: 700 })).toBe(true);
  vi.advanceTimersByTime(200);
  expect(change({ scrollTop: 690 })).toBe(false);
});

it('leaves the end when the reader scrolls up, and is there again when they return', () => {
  const { change } = setUp();
  expect(change({})).toBe(true);
  expect(change({ scrollTop: 370 })).toBe(true);
  expect(change({ scrollTop: 330 })).toBe(false);
  expect(change({ scrollTop: 335 })).toBe(false);
  expect(change({ scrollTop: 345 })).toBe(true);
});
