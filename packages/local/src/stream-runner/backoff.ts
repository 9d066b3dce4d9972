import { setTimeout as wait } from 'node:timers/promises';

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/**
 * Exponential backoff with jitter: up to half of the wait is left out at random, so that retries do not synchronise.
 *
 * @param attempt - 1 for the first retry
 * @param random - from 0 up to 1
 * @returns milliseconds
 */
export function backoffMs(attempt: number, random: number = Math.random()): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return Math.round(longest * (1 - random / 2));
}

/** Waits, and ends early when `signal` is aborted. Never rejects. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return wait(ms, undefined, { signal }).catch(() => undefined);
}
