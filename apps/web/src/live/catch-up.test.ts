import { describe, expect, it } from 'vitest';
import { refetchScope } from './catch-up.ts';

describe('refetchScope', () => {
  it('refetches nothing if the page was just loaded', () => {
    expect(refetchScope({ isFirst: true, isComplete: false }, 900)).toBe('nothing');
  });

  it('refetches everything that was read long before the first opening', () => {
    // The stream begins 10 s back, and a prefetched response may be half as old when it counts as read.
    expect(refetchScope({ isFirst: true, isComplete: false }, 5_000)).toBe('everything');
  });

  it('refetches what is open after each interruption, and everything if there may be gaps', () => {
    expect(refetchScope({ isFirst: false, isComplete: true }, 0)).toBe('open');
    expect(refetchScope({ isFirst: false, isComplete: false }, 0)).toBe('everything');
  });
});
