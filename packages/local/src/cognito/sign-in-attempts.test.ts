import { describe, expect, it } from 'vitest';
import { createSignInAttempts } from './sign-in-attempts.ts';

describe('sign-in attempts', () => {
  it('lock a name for a second after five failures, and twice as long after each further one', () => {
    let now = 0;
    const attempts = createSignInAttempts(() => now);
    for (let i = 0; i < 5; i++) {
      expect(attempts.isLocked('ana')).toBe(false);
      attempts.fail('ana');
    }
    for (const lockout of [1000, 2000, 4000, 8000]) {
      now += lockout - 1;
      expect(attempts.isLocked('ana')).toBe(true);
      expect(attempts.isLocked('ben')).toBe(false);
      now += 1;
      expect(attempts.isLocked('ana')).toBe(false);
      attempts.fail('ana');
    }
  });

  it('are kept for the latest ten thousand names', () => {
    const attempts = createSignInAttempts(() => 0);
    for (let i = 0; i < 10; i++) attempts.fail('ana');
    for (let i = 0; i < 9_999; i++) attempts.fail(`name${i}`);
    expect(attempts.isLocked('ana')).toBe(true);
    for (let i = 0; i < 10; i++) attempts.fail(`more${i}`);
    expect(attempts.isLocked('ana')).toBe(false);
    expect(attempts.count()).toBe(10_000);
  });

  it('never lock for more than 15 minutes, and are forgotten after a success or 15 minutes without attempts', () => {
    let now = 0;
    const attempts = createSignInAttempts(() => now);
    for (let i = 0; i < 40; i++) attempts.fail('ana');
    now += 15 * 60_000;
    expect(attempts.isLocked('ana')).toBe(false);
    now += 15 * 60_000 + 1;
    attempts.fail('ana');
    expect(attempts.isLocked('ana')).toBe(false);
    for (let i = 0; i < 10; i++) attempts.fail('ana');
    attempts.succeed('ana');
    attempts.fail('ana');
    expect(attempts.isLocked('ana')).toBe(false);
  });
});
