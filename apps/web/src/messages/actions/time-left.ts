import { EDIT_WINDOW_MS } from '@cruddur/config';
import { t } from '../../i18n/t.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How long a message can still be edited, in milliseconds; 0 or less when the time has passed. */
export const editTimeLeft = (createdAt: string, now: number): number => Date.parse(createdAt) + EDIT_WINDOW_MS - now;

/** The time left in words, rounded down: `23 h left`, `45 min left`. */
export function timeLeftWords(left: number): string {
  if (left <= 0) return t('composer.timeUp');
  if (left >= HOUR) return t('composer.hoursLeft', { count: Math.floor(left / HOUR) });
  if (left >= MINUTE) return t('composer.minutesLeft', { count: Math.floor(left / MINUTE) });
  return t('composer.noMinuteLeft');
}
