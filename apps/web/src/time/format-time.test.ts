import { describe, expect, it } from 'vitest';
import { dayKey, formatAge, formatClock, formatDay, formatFull } from './format-time.ts';

const style = { locale: 'en-GB', timeZone: 'Europe/Berlin' };
// Versions of ICU differ in the comma after a weekday.
const withoutCommas = (text: string) => text.replaceAll(',', '');
const at = (iso: string) => Date.parse(iso);
const now = at('2026-11-20T12:00:00Z'); // a Friday, 13:00 in Berlin

describe('formatAge', () => {
  it.each([
    ['2026-11-20T12:00:30Z', 'now'], // the sender's clock is ahead
    ['2026-11-20T11:59:01Z', 'now'],
    ['2026-11-20T11:59:00Z', '1 min'],
    ['2026-11-20T11:00:01Z', '59 min'],
    ['2026-11-20T11:00:00Z', '12:00'],
    ['2026-11-19T23:00:00Z', '00:00'], // midnight in Berlin
    ['2026-11-19T22:59:59Z', 'Thu'],
    ['2026-11-14T12:00:00Z', 'Sat'],
    ['2026-11-13T12:00:00Z', '13 Nov'],
    ['2026-03-03T12:00:00Z', '3 Mar'],
    ['2025-12-31T12:00:00Z', '31 Dec 2025'],
  ])('formats %s as %s', (iso, text) => {
    expect(formatAge(at(iso), now, style)).toBe(text);
  });

  it('is in English for all readers', () => {
    expect(formatAge(at('2026-11-17T12:00:00Z'), now, { ...style, locale: 'fr' })).toBe('Tue');
  });
});

describe('formatDay', () => {
  it.each([
    ['2026-11-20T09:00:00Z', 'Today'],
    ['2026-11-19T22:59:59Z', 'Yesterday'],
    ['2026-11-17T12:00:00Z', 'Tuesday'],
    ['2026-11-03T12:00:00Z', 'Tuesday 3 November'],
    ['2025-11-03T12:00:00Z', 'Monday 3 November 2025'],
  ])('formats %s as %s', (iso, text) => {
    expect(withoutCommas(formatDay(at(iso), now, style))).toBe(text);
  });
});

describe('dayKey', () => {
  it('is the reader’s day, not UTC’s', () => {
    expect(dayKey(at('2026-11-19T23:30:00Z'), style)).toBe('2026-11-20');
    expect(dayKey(at('2026-11-19T23:30:00Z'), { timeZone: 'America/Montreal' })).toBe('2026-11-19');
  });

  it('agrees with the formatter in the platform’s time zone', () => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    expect(dayKey(now)).toBe(dayKey(now, { timeZone }));
  });
});

describe('an invalid time', () => {
  it('is formatted as an empty text, and belongs to no day', () => {
    expect([formatAge(Number.NaN, now, style), formatClock(Number.NaN), formatDay(Number.NaN, now)]).toEqual([
      '',
      '',
      '',
    ]);
    expect(dayKey(Number.NaN)).toBe('');
  });
});

describe('formatClock and formatFull', () => {
  it.each([
    ['en-GB', '13:00'],
    ['en-US', '1:00 PM'],
    ['de', '13:00'],
    ['ja', '13:00'],
    ['hi', '1:00 pm'],
    ['ar-EG', '1:00 pm'],
  ])('format the hour of a reader with %s as %s', (locale, text) => {
    expect(formatClock(now, { ...style, locale }).replace('\u202f', ' ')).toBe(text);
  });

  it('are in English for all readers', () => {
    expect(withoutCommas(formatFull(now, { ...style, locale: 'de' }))).toMatch(/^Friday 20 November 2026 at 13:00$/);
    expect(withoutCommas(formatDay(at('2026-11-03T12:00:00Z'), now, { ...style, locale: 'de' }))).toBe(
      'Tuesday 3 November',
    );
  });

  it('use the reader’s own clock', () => {
    expect(withoutCommas(formatFull(now, style))).toBe('Friday 20 November 2026 at 13:00');
  });
});
