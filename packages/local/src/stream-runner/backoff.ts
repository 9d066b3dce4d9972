const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/**
 * How long to wait before a retry: doubled each time up to five seconds, of which a random half is left out, so that
 * retries do not march in step.
 *
 * @param attempt - 1 for the first retry
 * @param random - from 0 up to 1
 * @returns milliseconds
 */
export function backoffMs(attempt: number, random: number = Math.random()): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return Math.round(longest * (1 - random / 2));
}
