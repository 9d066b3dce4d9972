import { describe, expect, it } from 'vitest';
import { formatIso } from '../../table/time.ts';
import { conversationTimes } from './seed-conversation.ts';

const ENDS_AT = new Date('2026-11-20T08:15:30.123Z');

describe('conversationTimes', () => {
  it('ends at the given time, and spaces the earlier lines', () => {
    const lines = [0, 0.5, 90].map((minutesAfterPrevious) => ({ minutesAfterPrevious }));
    expect(conversationTimes(lines, ENDS_AT).map(formatIso)).toEqual([
      '2026-11-20T06:45:00.123000Z',
      '2026-11-20T06:45:30.123000Z',
      '2026-11-20T08:15:30.123000Z',
    ]);
  });

  it('ignores the pause before the first line', () => {
    expect(conversationTimes([{ minutesAfterPrevious: 500 }], ENDS_AT)).toEqual([ENDS_AT.getTime() * 1000]);
  });

  it('returns nothing without lines', () => {
    expect(conversationTimes([], ENDS_AT)).toEqual([]);
  });
});
