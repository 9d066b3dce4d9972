import { describe, expect, it } from 'vitest';
import { refetchScope } from './catch-up.ts';

describe('refetchScope', () => {
  it('has nothing to do where the page has just been read', () => {
    expect(refetchScope({ isFirst: true, isComplete: false, dataAge: 900 })).toBe('nothing');
  });

  it('reads anew what was read long before the first opening', () => {
    // The stream begins 10 s back, and an answer that was asked for ahead may be half as old when it counts as read.
    expect(refetchScope({ isFirst: true, isComplete: false, dataAge: 5_000 })).toBe('everything');
  });

  it('reads what is open after each interruption, and all the rest after one that may have left gaps', () => {
    expect(refetchScope({ isFirst: false, isComplete: true, dataAge: 0 })).toBe('open');
    expect(refetchScope({ isFirst: false, isComplete: false, dataAge: 0 })).toBe('everything');
  });
});
