import { describe, expect, it } from 'vitest';
import { isMuted } from '../cache/group-state.ts';
import { mutedWords } from './muted.ts';

const NOW = Date.UTC(2026, 10, 20, 8);

describe('muting', () => {
  it('ends at its time', () => {
    const until = '2026-11-20T09:00:00.000Z';
    expect(isMuted(until, NOW)).toBe(true);
    expect(isMuted(until, NOW + 3_600_000)).toBe(false);
    expect(isMuted('always', NOW)).toBe(true);
    expect(isMuted(null, NOW)).toBe(false);
  });

  it('says until when', () => {
    expect(mutedWords('always')).toBe('Muted');
    expect(mutedWords('2026-11-20T09:00:00.000Z')).toMatch(/^Muted until .*2026/);
  });
});
