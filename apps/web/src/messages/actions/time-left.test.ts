import { describe, expect, it } from 'vitest';
import { at } from '../../testing.ts';
import { editTimeLeft, timeLeftWords } from './time-left.ts';

const HOURS = 3_600_000;

describe('the time left to edit', () => {
  it('is 24 hours from the time of the message', () => {
    expect(editTimeLeft(at(0), Date.parse(at(0)))).toBe(24 * HOURS);
    expect(editTimeLeft(at(0), Date.parse(at(24 * 60)))).toBe(0);
  });

  it.each([
    [24 * HOURS, '24 h left'],
    [23.99 * HOURS, '23 h left'],
    [HOURS, '1 h left'],
    [HOURS - 1, '59 min left'],
    [60_000, '1 min left'],
    [59_999, 'less than 1 min left'],
    [0, 'time is up'],
    [-5, 'time is up'],
  ])('%i ms: %s', (left, words) => {
    expect(timeLeftWords(left)).toBe(words);
  });
});
