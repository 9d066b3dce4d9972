import { language, t } from '../i18n/t.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** The reader's locale and time zone; by default, those of the browser. */
interface TimeStyle {
  locale?: string;
  timeZone?: string;
}

/** Where the reader's locale is of another language: English as it is written internationally. */
const OTHERWISE = { en: 'en-001', de: 'de' };

/** The reader's variety of the page's language; if they have another language, its international form with their 12 or 24 hour clock. */
function pageLocale(reader: string | undefined): string {
  const { locale, hourCycle } = new Intl.DateTimeFormat(reader, { hour: 'numeric' }).resolvedOptions();
  return locale.split('-')[0] === language() ? locale : `${OTHERWISE[language()]}-u-hc-${hourCycle}`;
}

// Creating a formatter takes 50 µs, using one less than 1.
const formatters = new Map<string, Intl.DateTimeFormat>();

function format(time: number, style: TimeStyle, options: Intl.DateTimeFormatOptions): string {
  // Rows of the origin may have a sort key that is not a time; Intl would throw.
  if (Number.isNaN(time)) return '';
  const key = JSON.stringify([style, options]);
  const formatter =
    formatters.get(key) ?? new Intl.DateTimeFormat(pageLocale(style.locale), { timeZone: style.timeZone, ...options });
  formatters.set(key, formatter);
  return formatter.format(time);
}

/** The reader's calendar day, as `2026-11-20`. */
export function dayKey(time: number, style: TimeStyle = {}): string {
  if (style.timeZone !== undefined) {
    return format(time, { ...style, locale: 'en-CA' }, { year: 'numeric', month: '2-digit', day: '2-digit' });
  }
  // Called for ten thousand messages at once: the browser's zone needs no formatter.
  if (Number.isNaN(time)) return '';
  const date = new Date(time);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const two = (value: number) => String(value).padStart(2, '0');

function daysBetween(earlier: string, later: string): number {
  return Math.round((Date.parse(later) - Date.parse(earlier)) / DAY);
}

/**
 * A time for a row of the list: `now`, `5 min`, `14:05`, `Tue`, `3 Mar`, `3 Mar 2025`.
 *
 * @param time - milliseconds since the epoch, as is `now`
 */
export function formatAge(time: number, now: number, style: TimeStyle = {}): string {
  const age = now - time;
  if (Number.isNaN(age)) return '';
  if (age < MINUTE) return t('time.now');
  if (age < 60 * MINUTE) return t('time.minutes', { count: Math.floor(age / MINUTE) });
  const days = daysBetween(dayKey(time, style), dayKey(now, style));
  if (days < 1) return formatClock(time, style);
  if (days < 7) return format(time, style, { weekday: 'short' });
  return format(time, style, { day: 'numeric', month: 'short', year: yearIfPast(time, now, style) });
}

/** A day's heading in a thread: `Today`, `Yesterday`, `Tuesday`, `Tuesday, 3 March`, with the year if past. */
export function formatDay(time: number, now: number, style: TimeStyle = {}): string {
  const days = daysBetween(dayKey(time, style), dayKey(now, style));
  if (Number.isNaN(days)) return '';
  if (days <= 0) return t('time.today');
  if (days === 1) return t('time.yesterday');
  if (days < 7) return format(time, style, { weekday: 'long' });
  const year = yearIfPast(time, now, style);
  return format(time, style, { weekday: 'long', day: 'numeric', month: 'long', year });
}

function yearIfPast(time: number, now: number, style: TimeStyle): 'numeric' | undefined {
  return dayKey(time, style).slice(0, 4) === dayKey(now, style).slice(0, 4) ? undefined : 'numeric';
}

/** Hour and minute, on the reader's 12 or 24 hour clock. */
export function formatClock(time: number, style: TimeStyle = {}): string {
  return format(time, style, { timeStyle: 'short' });
}

/** Date and time in full, for a tooltip. */
export function formatFull(time: number, style: TimeStyle = {}): string {
  return format(time, style, { dateStyle: 'full', timeStyle: 'short' });
}
