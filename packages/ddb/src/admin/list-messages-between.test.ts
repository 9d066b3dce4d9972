import { describe, expect, it } from 'vitest';
import { sortKeyPrefix } from './list-messages-between.ts';

describe('sortKeyPrefix', () => {
  it.each(['2026', '2026-02', '2024-02-29', '2026-11-20T08:15', '2026-11-20T08:15:30', '2026-11-20T08:15:30.123456'])(
    'accepts %s unchanged',
    (text) => {
      expect(sortKeyPrefix(text)).toBe(text);
    },
  );

  it('converts a time with an offset to UTC', () => {
    expect(sortKeyPrefix('2026-11-20T10:15:30+02:00')).toBe('2026-11-20T08:15:30.000000+00:00');
    expect(sortKeyPrefix('2026-11-20T08:15:30.5Z')).toBe('2026-11-20T08:15:30.500000+00:00');
  });

  it.each(['', 'yesterday', '26', '2026-13', '2026-02-30', '2026-11-20T25:00', '2026-11-20Z', '20 Nov 2026', '2026-1'])(
    'refuses %j',
    (text) => {
      expect(sortKeyPrefix(text)).toBeUndefined();
    },
  );
});
