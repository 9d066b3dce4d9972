import { describe, expect, it } from 'vitest';
import { gestureOf, REPLY_AT, swipeOffset } from './touch-gesture.ts';

const from = { x: 100, y: 100 };

describe('gestureOf', () => {
  it.each([
    ['a finger that rests', { x: 104, y: 97 }, 'press'],
    ['a finger that moves right', { x: 120, y: 103 }, 'swipe'],
    ['a finger that moves left', { x: 60, y: 100 }, 'scroll'],
    ['a finger that moves up', { x: 100, y: 60 }, 'scroll'],
    ['a finger that moves up and a little right', { x: 112, y: 80 }, 'scroll'],
  ])('%s', (_, to, gesture) => {
    expect(gestureOf(from, to)).toBe(gesture);
  });

  it('leaves a swipe from the left edge to the browser', () => {
    expect(gestureOf({ x: 10, y: 100 }, { x: 80, y: 100 })).toBe('scroll');
  });
});

describe('swipeOffset', () => {
  it('begins where the press ends, so that nothing jumps', () => {
    expect([0, 5, 10, 11].map(swipeOffset)).toEqual([0, 0, 0, 1]);
  });

  it('follows the finger to the threshold, then resists', () => {
    expect(swipeOffset(REPLY_AT + 10)).toBe(REPLY_AT);
    const beyond = swipeOffset(REPLY_AT + 40);
    expect(beyond).toBeGreaterThan(REPLY_AT);
    expect(beyond).toBeLessThan(REPLY_AT + 30);
    expect(swipeOffset(1000)).toBeLessThanOrEqual(88);
  });
});
