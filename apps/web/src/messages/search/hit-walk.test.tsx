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

function setUp(overrides: Partial<Parameters<typeof useHitWalk>[0]> = {}) {
  const onHit = vi.fn();
  const loadMore = vi.fn();
  const search: Parameters<typeof useHitWalk>[0] = {
    hits: hitsOf(9, 8, 7),
    hasMore: false,
    isFetching: false,
    error: null,
    loadMore,
    ...overrides,
  };
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

  it('loads more before the reader arrives at the last loaded hit', () => {
    const { step, loadMore } = setUp({ hits: hitsOf(9, 8, 7, 6, 5, 4, 3), hasMore: true });
    step(1);
    expect(loadMore).not.toHaveBeenCalled();
    step(1);
    expect(loadMore).toHaveBeenCalledTimes(1);
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

describe('useHitWalk while it waits for older hits', () => {
  const waiting = () => {
    const set = setUp({ hasMore: true });
    for (let steps = 0; steps < 3; steps++) set.step(1);
    set.loadMore.mockClear();
    return set;
  };

  it('loads on if a page brought nothing to show, until there is an error', () => {
    const { change, loadMore, walk, step } = waiting();
    change({ hasMore: true, isFetching: true });
    change({ hasMore: true });
    expect([loadMore.mock.calls.length, walk().isWaiting]).toEqual([1, true]);
    change({ hasMore: true, error: new Error('no') as never });
    expect([loadMore.mock.calls.length, walk().isWaiting]).toEqual([1, false]);
    step(1);
    expect(loadMore).toHaveBeenCalledTimes(2);
  });

  it('still does when a newer one arrives', () => {
    const { change, seen } = waiting();
    change({ hits: hitsOf(10, 9, 8, 7), hasMore: true });
    expect(seen().at(-1)).toBe('message-7');
    change({ hits: hitsOf(10, 9, 8, 7, 6) });
    expect(seen()).toEqual(['message-9', 'message-8', 'message-7', 'message-6']);
  });

  it('ends when there are none: what arrives later does not move the reader', () => {
    const { change, seen, walk } = waiting();
    change({ hasMore: false });
    expect(walk().isWaiting).toBe(false);
    const before = seen();
    change({ hits: hitsOf(10, 9, 8, 7), hasMore: false });
    expect(seen()).toEqual(before);
  });
});

it('loads on while nothing of the first pages is left', () => {
  const { loadMore } = setUp({ hits: [], hasMore: true });
  expect(loadMore).toHaveBeenCalledTimes(1);
});

describe('a hit that is deleted', () => {
  const current = makeMessage(8);
  const left = hitsOf(9, 7, 6);

  it('is where it was, between its neighbours, also if others are gone or arrive', () => {
    expect([indexOfHit(left, current), stepToHit(left, current, 1), stepToHit(left, current, -1)]).toEqual([1, 1, 0]);
    const arrived = hitsOf(10, 9, 7);
    expect([stepToHit(arrived, current, 1), stepToHit(arrived, current, -1)]).toEqual([2, 1]);
  });

  it('is at the end if it was the last, and nowhere if it was the only one', () => {
    expect([indexOfHit(hitsOf(10, 9), current), stepToHit(hitsOf(10, 9), current, -1)]).toEqual([1, 1]);
    expect(indexOfHit([], current)).toBe(-1);
  });
});

it('shows the position, and that there are more', () => {
  const hits = range(1, 41).flatMap((minute) => hitsOf(minute));
  expect(hitPosition(2, { hits, hasMore: false })).toBe('3 of 41');
  expect(hitPosition(2, { hits, hasMore: true })).toBe('3 of 41+');
});
