import { describe, expect, it } from 'vitest';
import { createClock } from './clock.ts';

describe('createClock', () => {
  it('never returns one time twice, nor goes back when the machine does', () => {
    const wall = [100, 100, 50, 300];
    const clock = createClock(() => wall.shift() ?? 0);
    expect([clock(), clock(), clock(), clock(), clock()]).toEqual([100, 101, 102, 300, 301]);
  });

  it("follows the machine's clock", () => {
    const before = Date.now() * 1000;
    const at = createClock()();
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThan(before + 5_000_000);
  });
});
