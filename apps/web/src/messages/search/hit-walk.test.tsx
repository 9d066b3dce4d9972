// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeMessage, range } from '../../testing.ts';
import type { FoundMessage } from '../../trpc/types.ts';
import { hitPosition, indexOfHit, stepToHit, useHitWalk } from './hit-walk.ts';

afterEach(cleanup);

const BAYKO = { uuid: 'bayko-uuid', handle: 'bayko', displayName: 'Andrew Bayko' };
const hitsOf = (...minutes: number[]): FoundMessage[] =>
  minutes.map((minute) => ({ message: makeMessage(minute), person: BAYKO, ranges: [] }));

function setUp(overrides = {}) {
  const onHit = vi.fn();
  const loadMore = vi.fn();
  const search = { hits: hitsOf(9, 8, 7), hasMore: false, isFetching: false, loadMore, ...overrides };
  const { result, rerender } = renderHook(({ name, ...search }) => useHitWalk(search, name, onHit), {
    initialProps: { ...search, name: 'one' },
  });
  return {
    loadMore,
    walk: () => result.current,
    step: (by: 1 | -1) => act(() => result.current.step(by)),
    change: (next: Partial<typeof search> & { name?: string }) => rerender({ ...search, name: 'one', ...next }),
    seen: () => onHit.mock.calls.map(([hit]) => (hit as FoundMessage).message.uuid),
  };
}

describe('useHitWalk', () => {
  it('begins with the newest hit, and stops at both ends', () => {
    const { walk, step, seen } = setUp();
    expect([walk().index, walk().canStep(1), walk().canStep(-1)]).toEqual([0, true, false]);
    step(1);
    step(1);
    step(1);
    step(-1);
    expect(seen()).toEqual(['message-9', 'message-8', 'message-7', 'message-8']);
  });

  it('waits until the hits of what was typed have arrived', () => {
    const { change, walk, seen } = setUp({ isFetching: true });
    expect([walk().index, seen()]).toEqual([-1, []]);
    change({ isFetching: false });
    expect(seen()).toEqual(['message-9']);
  });

  it('begins again for another search, but not when more or newer messages are found', () => {
    const { change, step, seen, walk } = setUp();
    step(1);
    change({ hits: hitsOf(10, 9, 8, 7, 6) });
    expect([seen(), walk().index]).toEqual([['message-9', 'message-8'], 2]);
    change({ name: 'two', hits: hitsOf(5) });
    expect(seen()).toEqual(['message-9', 'message-8', 'message-5']);
  });

  it('walks on to hits that are not loaded, once they are', () => {
    const { change, step, seen, walk, loadMore } = setUp({ hasMore: true });
    step(1);
    step(1);
    loadMore.mockClear();
    step(1);
    expect([loadMore.mock.calls.length, walk().isWaiting]).toEqual([1, true]);
    change({ hits: hitsOf(9, 8, 7, 6), hasMore: false });
    expect([seen().at(-1), walk().isWaiting]).toEqual(['message-6', false]);
  });
});

describe('a hit that is deleted', () => {
  const current = { uuid: 'message-8', index: 1 };
  const left = hitsOf(9, 7, 6);

  it('is where it was, between its neighbours', () => {
    expect([indexOfHit(left, current), stepToHit(left, current, 1), stepToHit(left, current, -1)]).toEqual([1, 1, 0]);
  });

  it('is at the end if it was the last, and nowhere if it was the only one', () => {
    expect(indexOfHit(hitsOf(9), current)).toBe(0);
    expect(indexOfHit([], current)).toBe(-1);
  });
});

it('shows the position, and that there are more', () => {
  const hits = range(1, 41).flatMap((minute) => hitsOf(minute));
  expect(hitPosition(2, { hits, hasMore: false })).toBe('3 of 41');
  expect(hitPosition(2, { hits, hasMore: true })).toBe('3 of 41+');
});
