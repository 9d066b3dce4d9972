import type { time as en } from '../../en/first/time.ts';
import type { Translation } from '../../text-types.ts';

export const time: Translation<typeof en> = {
  'time.now': 'jetzt',
  'time.minutes': '{count, number} Min.',
  'time.today': 'Heute',
  'time.yesterday': 'Gestern',
};
