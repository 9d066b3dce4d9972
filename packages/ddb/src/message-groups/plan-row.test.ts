import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageGroupRow } from '../members/message-group-row.ts';
import { formatTime } from '../table/time.ts';
import { planRow, timeOf } from './plan-row.ts';

const row = (at: number): MessageGroupRow => ({
  pk: 'GRP#one',
  sk: formatTime(at),
  message_group_uuid: 'group',
  message: 'text',
  user_uuid: 'other',
  user_handle: 'other',
  user_display_name: 'Other',
});

describe('planRow', () => {
  it('leaves exactly one row: the newest of what stands and what came', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(50)), fc.nat(50), (standing, at) => {
        const rows = standing.map(row);
        const { put, remove } = planRow(rows, { at, message: 'text' });
        const removed = new Set(remove.map(({ sk }) => sk));
        const left = [...rows.filter(({ sk }) => !removed.has(sk)), ...(put ? [row(at)] : [])];
        expect(left.map(timeOf)).toEqual([Math.max(at, ...standing)]);
      }),
    );
  });

  it('changes nothing for an event that is older, or repeated', () => {
    expect(planRow([row(5)], { at: 4, message: 'older' })).toEqual({ put: false, current: row(5), remove: [] });
    expect(planRow([row(5)], { at: 5, message: 'text' })).toEqual({ put: false, current: row(5), remove: [] });
  });

  it('takes the place of a row that stands at the very time for an older message', () => {
    expect(planRow([row(5)], { at: 5, message: 'newer' })).toEqual({ put: true, current: row(5), remove: [] });
  });

  it('compares times, not texts, where the origin wrote another offset', () => {
    const origin = { ...row(0), sk: '2026-11-20T09:15:30+09:00' };
    expect(planRow([origin], { at: Date.UTC(2026, 10, 20, 1) * 1000, message: 'new' }).put).toBe(true);
  });
});
