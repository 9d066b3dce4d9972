import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EPOCH, formatIso, formatTime, isoOf, micros, parseTime } from './time.ts';

const times = fc.integer({ min: 0, max: 4_000_000_000_000_000 }).map(micros);

describe('sort key times', () => {
  it('have a fixed width with microseconds in UTC', () => {
    expect(formatTime(micros(1_795_162_530_123_456))).toBe('2026-11-20T08:15:30.123456+00:00');
    expect(formatTime(micros(1_795_162_530_000_000))).toBe('2026-11-20T08:15:30.000000+00:00');
    expect(formatIso(micros(1_795_162_530_123_456))).toBe('2026-11-20T08:15:30.123456Z');
  });

  it('survive a round trip, and sort by time', () => {
    fc.assert(
      fc.property(times, times, (a, b) => {
        expect(parseTime(formatTime(a))).toBe(a);
        expect(isoOf(formatTime(a))).toBe(formatIso(a));
        expect(formatTime(a) < formatTime(b)).toBe(a < b);
      }),
    );
  });

  it.each([
    ['2026-11-20T08:15:30+00:00', '2026-11-20T08:15:30.000000Z'],
    ['2026-11-20T08:15:30.5+00:00', '2026-11-20T08:15:30.500000Z'],
    ['2026-11-20T08:15:30.123456', '2026-11-20T08:15:30.123456Z'],
    ['2026-11-20T03:15:30.123456-05:00', '2026-11-20T08:15:30.123456Z'],
    ['2026-11-20T13:45:30.123456+0530', '2026-11-20T08:15:30.123456Z'],
    ['2026-11-20 08:15:30Z', '2026-11-20T08:15:30.000000Z'],
    ['2028-02-29T08:15:30.123456+00:00', '2028-02-29T08:15:30.123456Z'],
    // As wide as ours, and another shape.
    ['2026-11-20 08:15:30.123456+00:00', '2026-11-20T08:15:30.123456Z'],
    ['2026-11-20T08:15:30.1234567+0000', '2026-11-20T08:15:30.123456Z'],
    ['2026-11-20T08:15:30.123456-05:00', '2026-11-20T13:15:30.123456Z'],
  ])("reads the origin's %s", (sk, iso) => {
    expect(isoOf(sk)).toBe(iso);
    expect(formatIso(parseTime(sk) ?? EPOCH)).toBe(iso);
  });

  it.each([
    '',
    'yesterday',
    '2026-13-01T00:00:00',
    '2026-02-30T00:00:00',
    'MEMBERS',
    '2026-02-29T08:15:30.123456+00:00',
    '2026-04-31T08:15:30.123456+00:00',
    '2026-00-10T08:15:30.123456+00:00',
    '2026-11-00T08:15:30.123456+00:00',
    '2026-11-20T24:15:30.123456+00:00',
    '2026-11-20T08:60:30.123456+00:00',
  ])('takes %j for no time', (sk) => {
    expect(parseTime(sk)).toBeUndefined();
    expect(isoOf(sk)).toBe(sk);
  });
});
