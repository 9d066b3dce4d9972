const MINUTE = 60_000;
const DAY = 86_400_000;

/** The reader's locale and time zone; by default, those of the browser. */
export interface TimeStyle {
  locale?: string;
  timeZone?: string;
}

/** The page is in English: the reader's own English, or else international English with the reader's 12 or 24 hours. */
function pageLocale(reader: string | undefined): string {
  const { locale, hourCycle } = new Intl.DateTimeFormat(reader, { hour: 'numeric' }).resolvedOptions();
  return /^en\b/.test(locale) ? locale : `en-001-u-hc-${hourCycle}`;
}

// Making a formatter costs some 50 µs, using one less than 1.
const formatters = new Map<string, Intl.DateTimeFormat>();

function format(time: number, style: TimeStyle, options: Intl.DateTimeFormatOptions): string {
  // The origin's rows may have a sort key that is no time; Intl would throw.
  if (Number.isNaN(time)) return '';
  const key = JSON.stringify([style, options]);
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat(pageLocale(style.locale), { timeZone: style.timeZone, ...options });
    formatters.set(key, formatter);
  }
  return formatter.format(time);
}

/** The calendar day of a moment where the reader is, as `2026-11-20`. */
export function dayKey(time: number, style: TimeStyle = {}): string {
  if (style.timeZone !== undefined) {
    return format(time, { ...style, locale: 'en-CA' }, { year: 'numeric', month: '2-digit', day: '2-digit' });
  }
  // Called for ten thousand messages at once: the platform's own zone needs no formatter.
  if (Number.isNaN(time)) return '';
  const date = new Date(time);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const two = (value: number) => String(value).padStart(2, '0');

/** Whole calendar days from one day key to a later one. */
function daysBetween(earlier: string, later: string): number {
  return Math.round((Date.parse(later) - Date.parse(earlier)) / DAY);
}

/**
 * A time that ages, for a line of the list: `now`, `5 min`, `14:05`, `Tue`, `3 Mar`, `3 Mar 2025`.
 *
 * @param time - milliseconds since the epoch, as is `now`
 */
export function formatAge(time: number, now: number, style: TimeStyle = {}): string {
  const age = now - time;
  if (Number.isNaN(age)) return '';
  if (age < MINUTE) return 'now';
  if (age < 60 * MINUTE) return `${Math.floor(age / MINUTE)} min`;
  const days = daysBetween(dayKey(time, style), dayKey(now, style));
  if (days < 1) return formatClock(time, style);
  if (days < 7) return format(time, style, { weekday: 'short' });
  const sameYear = dayKey(time, style).slice(0, 4) === dayKey(now, style).slice(0, 4);
  return format(time, style, { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) });
}

/**
 * A moment for which `formatAge` returns the same words as for `now`. It stays the same all day for a time that is an hour
 * old, so that few rows of a long list are drawn again as time passes.
 */
export function steadyNow(time: number, now: number): number {
  return now - time < 60 * MINUTE ? now : new Date(now).setHours(23, 59, 59, 999);
}

/** The day that heads a part of a thread: `Today`, `Yesterday`, `Tuesday`, `Tuesday, 3 March`, with the year if past. */
export function formatDay(time: number, now: number, style: TimeStyle = {}): string {
  const days = daysBetween(dayKey(time, style), dayKey(now, style));
  if (Number.isNaN(days)) return '';
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days < 7) return format(time, style, { weekday: 'long' });
  const sameYear = dayKey(time, style).slice(0, 4) === dayKey(now, style).slice(0, 4);
  const options = { weekday: 'long', day: 'numeric', month: 'long' } as const;
  return format(time, style, sameYear ? options : { ...options, year: 'numeric' });
}

/** Hour and minute, on the reader's 12 or 24 hour clock. */
export function formatClock(time: number, style: TimeStyle = {}): string {
  return format(time, style, { timeStyle: 'short' });
}

/** Date and time in full, for a tooltip. */
export function formatFull(time: number, style: TimeStyle = {}): string {
  return format(time, style, { dateStyle: 'full', timeStyle: 'short' });
}
