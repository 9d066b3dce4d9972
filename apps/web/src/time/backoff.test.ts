import { afterEach, describe, expect, it, vi } from 'vitest';
import { backoff } from './backoff.ts';

const random = vi.spyOn(Math, 'random');
afterEach(() => void random.mockReset());

describe('backoff', () => {
  it('doubles from the first wait to the longest', () => {
    random.mockReturnValue(0);
    expect([1, 2, 3, 6, 60].map((failures) => backoff(failures))).toEqual([1_000, 2_000, 4_000, 30_000, 30_000]);
    expect([1, 2, 60].map((failures) => backoff(failures, { firstMs: 500, maxMs: 15_000 }))).toEqual([
      500, 1_000, 15_000,
    ]);
  });

  it('is shorter by up to a half at random', () => {
    random.mockReturnValue(1);
    expect(backoff(60)).toBe(15_000);
  });

  it('is at least as long as the server asked', () => {
    random.mockReturnValue(0);
    expect(backoff(1, { retryAfterMs: 5_000 })).toBe(5_000);
    random.mockReturnValue(1);
    expect(backoff(1, { retryAfterMs: 5_000 })).toBe(7_500);
  });
});
