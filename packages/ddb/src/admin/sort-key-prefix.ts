import { formatTime, parseTime } from '../table/time.ts';

const PREFIX = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?)?)?$/;
const OFFSET = /(Z|[+-]\d{2}:?\d{2})$/;
const EARLIEST = '0000-01-01T00:00:00';

/**
 * Reads a date or time as the beginning of a sort key: a year, month, day, minute, second or microsecond in UTC, or a
 * full time with an offset.
 *
 * @returns `undefined` where the text is none of these
 * @example
 * sortKeyPrefix('2026-11') // '2026-11'
 * sortKeyPrefix('2026-11-20T10:15:30+02:00') // '2026-11-20T08:15:30.000000+00:00'
 */
export function sortKeyPrefix(text: string): string | undefined {
  if (PREFIX.test(text)) {
    // Filled up to a full time, it must be one: there is no 31st of November.
    const full = text.length < EARLIEST.length ? text + EARLIEST.slice(text.length) : text;
    return parseTime(full) === undefined ? undefined : text;
  }
  const at = text.includes('T') && OFFSET.test(text) ? parseTime(text) : undefined;
  return at === undefined ? undefined : formatTime(at);
}
