import { setTimeout as wait } from 'node:timers/promises';

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** Exponential backoff in milliseconds, from attempt 1 on. Jitter of up to half keeps retries from synchronising. */
export function backoffMs(attempt: number, random: number = Math.random()): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return Math.round(longest * (1 - random / 2));
}

/** Waits, and ends early when `signal` is aborted. Never rejects. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return wait(ms, undefined, { signal }).catch(() => undefined);
}
