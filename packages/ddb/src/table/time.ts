declare const unit: unique symbol;

/**
 * A time in microseconds since 1970-01-01T00:00:00Z: a safe integer until the year 2255. Branded, so that it cannot be
 * confused with milliseconds; calculate with {@link addMicros}.
 */
export type Micros = number & { readonly [unit]: 'µs' };

export const micros = (at: number): Micros => at as Micros;

/** The value for a time that cannot be parsed: older than every other. */
export const EPOCH = micros(0);

/** A later or, by a negative number, earlier time. */
export const addMicros = (at: Micros, microseconds: number): Micros => micros(at + microseconds);

/** The nearest time that {@link formatTime} can write. Ids and stream positions from clients may have any time. */
export const clampTime = (at: number): Micros => micros(Math.min(Math.max(at, 0), Number.MAX_SAFE_INTEGER));

const SORT_KEY = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Writes a time as the table does: UTC, fixed width, microseconds, so that string order is time order. From 1970 to
 * 2255: see {@link clampTime}.
 *
 * @example
 * formatTime(micros(1_795_162_530_123_456)) // '2026-11-20T08:15:30.123456+00:00'
 */
export function formatTime(at: Micros): string {
  return formatIso(at).replace('Z', '+00:00');
}

/** The same in ISO 8601 with `Z`, as the API returns it. */
export function formatIso(at: Micros): string {
  const seconds = new Date(Math.floor(at / 1_000_000) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(at % 1_000_000).padStart(6, '0')}Z`;
}

/**
 * The shortest form of a time in UTC. Sort keys of earlier times sort before it, those of this time and later ones do not,
 * however many digits they have. That is not so for the origin's with another offset, or a `Z` after fewer digits.
 *
 * @example
 * shortestTime(micros(1_795_162_530_120_000)) // '2026-11-20T08:15:30.12'
 */
export const shortestTime = (at: Micros): string => formatIso(at).replace(/\.?0*Z$/, '');

/** Our own sort keys, on days that every month has. No `Date` is needed: 7 % of the server's work for a page of messages. */
const OWN_SORT_KEY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}\+00:00$/;

/** A sort key's time for the API. Any other text is returned unchanged, so that its item is not hidden. */
export function isoOf(sk: string): string {
  if (OWN_SORT_KEY.test(sk)) return sk.replace('+00:00', 'Z');
  const at = parseTime(sk);
  return at === undefined ? sk : formatIso(at);
}

/**
 * Parses the time of a sort key; `undefined` for any other text. The origin's may have fewer digits, another
 * offset, or none (then UTC).
 */
export function parseTime(sk: string): Micros | undefined {
  if (OWN_SORT_KEY.test(sk)) return micros(Date.parse(`${sk.slice(0, 19)}Z`) * 1000 + Number(sk.slice(20, 26)));
  const match = SORT_KEY.exec(sk);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', offset = 'Z'] = match;
  const millis = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Date.parse turns the 30th of February into the 2nd of March.
  if (Number.isNaN(millis) || new Date(millis).getUTCDate() !== Number(day)) return undefined;
  return micros(millis * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0')) - offsetMinutes(offset) * 60_000_000);
}

function offsetMinutes(offset: string): number {
  if (offset === 'Z') return 0;
  const digits = offset.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return offset.startsWith('-') ? -minutes : minutes;
}
