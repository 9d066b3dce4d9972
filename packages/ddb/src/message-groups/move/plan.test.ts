import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MessageGroupRow, rowTime } from '../../members/message-group-row.ts';
import { formatTime, micros } from '../../table/time.ts';
import { planMove } from './plan.ts';

const row = (at: number): MessageGroupRow => ({
  pk: 'GRP#one',
  sk: formatTime(micros(at)),
  message_group_uuid: 'group',
  message: 'text',
  user_uuid: 'other',
  user_handle: 'other',
  user_display_name: 'Other',
});

describe('planMove', () => {
  it('leaves exactly one row: the newest of the existing rows and the message', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(50)), fc.nat(50), (existing, at) => {
        const rows = existing.map(row);
        const { put, remove } = planMove(rows, micros(at));
        const removed = new Set(remove.map(({ sk }) => sk));
        const left = [...rows.filter(({ sk }) => !removed.has(sk)), ...(put ? [row(at)] : [])];
        expect(left.map(rowTime)).toEqual([Math.max(at, ...existing)]);
      }),
    );
  });

  it('changes nothing for an older message, or one that the row shows', () => {
    for (const at of [4, 5]) {
      expect(planMove([row(5)], micros(at))).toEqual({ put: false, current: row(5), remove: [] });
    }
  });

  it('compares times, not strings, since the origin wrote other offsets', () => {
    const origin = { ...row(0), sk: '2026-11-20T09:15:30+09:00' };
    expect(planMove([origin], micros(Date.UTC(2026, 10, 20, 1) * 1000)).put).toBe(true);
  });
});
