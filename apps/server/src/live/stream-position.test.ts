import { addMicros, micros } from '@cruddur/ddb';
import { describe, expect, it } from 'vitest';
import { catchUpFrom } from './stream-position.ts';

const NOW = micros(1_795_162_530_123_456);

describe('catchUpFrom', () => {
  it('reads again the last 30 seconds before a position, and the last 10 without one', () => {
    expect(NOW - catchUpFrom(NOW, NOW)).toBe(30_000_000);
    expect(NOW - catchUpFrom(addMicros(NOW, 1), NOW)).toBe(30_000_000);
    expect(NOW - catchUpFrom(undefined, NOW)).toBe(10_000_000);
  });

  it('never goes back to times before 1970, which the table cannot have', () => {
    expect(catchUpFrom(micros(1), NOW)).toBe(0);
  });
});
