import { describe, expect, it } from 'vitest';
import { conversationTimes } from './conversation-times.ts';

const ENDS_AT = new Date('2026-11-20T08:15:30.123Z');

describe('conversationTimes', () => {
  it('ends at the given time, and spaces what comes before', () => {
    const lines = [0, 0.5, 90].map((minutesAfterPrevious) => ({ minutesAfterPrevious }));
    expect(conversationTimes(lines, ENDS_AT).map((time) => time.toISOString())).toEqual([
      '2026-11-20T06:45:00.123Z',
      '2026-11-20T06:45:30.123Z',
      '2026-11-20T08:15:30.123Z',
    ]);
  });

  it('leaves the pause before the first line out', () => {
    expect(conversationTimes([{ minutesAfterPrevious: 500 }], ENDS_AT)).toEqual([ENDS_AT]);
  });

  it('has no time for no line', () => {
    expect(conversationTimes([], ENDS_AT)).toEqual([]);
  });
});
