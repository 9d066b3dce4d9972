import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

it('doubles the wait up to five seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map((attempt) => backoffMs(attempt, 0))).toEqual([
    100, 200, 400, 800, 1600, 3200, 5000, 5000,
  ]);
});

it('leaves out a random part, at most half', () => {
  expect(backoffMs(3, 0.5)).toBe(300);
  expect(backoffMs(3, 0.999)).toBeGreaterThanOrEqual(200);
});
