import { describe, expect, it } from 'vitest';
import { timeLeftWords } from './compose-bar.tsx';

const HOURS = 3_600_000;

describe('the time left to edit, in words', () => {
  it.each([
    [24 * HOURS, '24 h left'],
    [23.99 * HOURS, '23 h left'],
    [HOURS, '1 h left'],
    [HOURS - 1, '59 min left'],
    [60_000, '1 min left'],
    [59_999, 'less than 1 min left'],
    [0, 'time is up'],
    [-5, 'time is up'],
  ])('of %i ms: %s', (left, words) => {
    expect(timeLeftWords(left)).toBe(words);
  });
});
