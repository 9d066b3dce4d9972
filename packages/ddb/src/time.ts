/** Microseconds since 1970-01-01T00:00:00Z: a safe integer until the year 2255. */
export type Micros = number;

const SORT_KEY = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Writes a time as the table does: UTC, fixed width, microseconds, so that string order is time order.
 *
 * @example
 * formatTime(1_795_162_530_123_456) // '2026-11-20T08:15:30.123456+00:00'
 */
export function formatTime(at: Micros): string {
  return `${formatSeconds(at)}.${String(at % 1_000_000).padStart(6, '0')}+00:00`;
}

/** The same in ISO 8601 with `Z`, as the API gives it. */
export function formatIso(at: Micros): string {
  return `${formatSeconds(at)}.${String(at % 1_000_000).padStart(6, '0')}Z`;
}

function formatSeconds(at: Micros): string {
  return new Date(Math.floor(at / 1_000_000) * 1000).toISOString().slice(0, 19);
}

/**
 * Reads the time of a sort key: ours, or the origin's, which may have fewer digits, another offset, or none (then UTC).
 *
 * @returns `undefined` where the text is no time
 */
export function parseTime(sk: string): Micros | undefined {
  const match = SORT_KEY.exec(sk);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', offset = 'Z'] = match;
  const millis = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Date.parse rolls the 30th of February over; a sort key that it altered is no time.
  if (Number.isNaN(millis) || !new Date(millis).toISOString().startsWith(`${year}-${month}-${day}`)) return undefined;
  return millis * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0')) - offsetMinutes(offset) * 60_000_000;
}

function offsetMinutes(offset: string): number {
  if (offset === 'Z') return 0;
  const digits = offset.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return offset.startsWith('-') ? -minutes : minutes;
}
