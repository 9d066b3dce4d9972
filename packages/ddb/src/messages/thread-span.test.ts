import { expect, it } from 'vitest';
import { EPOCH, parseTime } from '../table/time.ts';
import { isUnread } from './thread-span.ts';

it('a message of the origin is unread by its time, wherever its offset sorts it', () => {
  const message = { sk: '2023-01-01T12:00:00+02:00', user_uuid: 'other' };
  const times = ['2023-01-01T09:59:59Z', '2023-01-01T10:00:00Z', '2023-01-01T11:00:00Z'];
  const readTo = times.map((time) => parseTime(time) ?? EPOCH);
  expect(readTo.map((after) => isUnread(message, 'owner', after))).toEqual([true, false, false]);
  expect(readTo.map((after) => isUnread(message, 'other', after))).toEqual([false, false, false]);
});
