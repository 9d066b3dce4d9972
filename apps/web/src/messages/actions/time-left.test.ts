import { describe, expect, it } from 'vitest';
import { at } from '../../testing.ts';
import { editTimeLeft } from './time-left.ts';

const HOURS = 3_600_000;

describe('the time left to edit', () => {
  it('is 24 hours from the time of the message', () => {
    expect(editTimeLeft(at(0), Date.parse(at(0)))).toBe(24 * HOURS);
    expect(editTimeLeft(at(0), Date.parse(at(24 * 60)))).toBe(0);
  });
});
