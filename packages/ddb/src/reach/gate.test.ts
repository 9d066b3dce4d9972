import { expect, it } from 'vitest';
import { addMicros, formatTime, micros } from '../table/time.ts';
import { closedReason, type Gate, isHiddenBy, newRequest, passageOf } from './gate.ts';

const WEEK = 7 * 24 * 60 * 60 * 1_000_000;
const at = micros(1_795_162_530_123_456);
const gate = (attributes: Partial<Gate>): Gate => ({ pk: 'PAIR#ana#ben', sk: 'GATE', ...attributes });

it('a declined request is made again by the first message a week after it, not a moment before', () => {
  const declined = gate({ request: { to: 'ben', sent: 1, at: formatTime(at), is_declined: true } });
  const passageAfter = (time: number) => passageOf(declined, 'ana', addMicros(at, time));
  expect(passageAfter(WEEK - 1)).toMatchObject({ kind: 'request', isRenewed: false });
  expect(passageAfter(WEEK)).toMatchObject({ kind: 'request', isRenewed: true });
});

it('a request that was made again hides what was written before it', () => {
  const again = newRequest('ben', at);
  expect([addMicros(at, -1), at].map((sentAt) => isHiddenBy(again, sentAt))).toEqual([true, false]);
  expect(isHiddenBy({ ...again, is_declined: true }, at)).toBe(true);
});

it('a suspended person is refused for that reason, so that they do not learn of a block', () => {
  const closed = gate({ suspended: new Set(['ana']), blocked_by: new Set(['ben']) });
  expect(closedReason(closed, 'ana')).toBe('account_suspended');
  expect(closedReason(closed, 'ben')).toBe('recipient_unavailable');
});
