import { describe, expect, it } from 'vitest';
import { formatIso, formatTime, micros } from '../table/time.ts';
import { knownUnread } from './unread.ts';

const row = (at: number, unread?: unknown) => ({ sk: formatTime(micros(at)), message_user_uuid: 'other', unread });
const marker = (at: number, unread?: unknown) => ({ at: micros(at), unread });
const through = (at: number) => formatIso(micros(at));

describe('what row and marker know to be unread', () => {
  it('is nothing if the marker is as late as the row', () => {
    const counted = { count: 3, after: 0, through: 5 };
    expect(knownUnread(row(5, counted), marker(5))).toEqual({ count: 0, through: through(5) });
  });

  it('is the count of the row if it was counted from the marker', () => {
    expect(knownUnread(row(5, { count: 3, after: 2, through: 5 }), marker(2))).toEqual({
      count: 3,
      through: through(5),
    });
    expect(knownUnread(row(5, { count: 3, after: 0, through: 5 }), undefined)).toEqual({
      count: 3,
      through: through(5),
    });
  });

  it('is the count of the marker if it was moved while the row was moved', () => {
    const counted = row(5, { count: 3, after: 0, through: 5 });
    expect(knownUnread(counted, marker(2, { count: 1, after: 2, through: 6 }))).toEqual({
      count: 1,
      through: through(6),
    });
  });

  it.each([
    ['a count that was copied from an older row', row(5, { count: 3, after: 2, through: 4 }), marker(2)],
    ['a row that is newer than the count of its marker', row(5), marker(2, { count: 1, after: 2, through: 4 })],
    ['a count of an earlier place of the marker', row(5), marker(2, { count: 1, after: 1, through: 6 })],
    ['a count from another marker', row(5, { count: 3, after: 0, through: 5 }), marker(2)],
    [
      'a row that was too long to count',
      row(5, { after: 2, through: 5 }),
      marker(2, { count: 1, after: 2, through: 6 }),
    ],
    ['attributes of other kinds', row(5, true), marker(2, { count: 'many' })],
  ])('is not known from %s', (_, ofRow, ofMarker) => {
    expect(knownUnread(ofRow, ofMarker)).toBeUndefined();
  });
});
