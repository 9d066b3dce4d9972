/**
 * How long to wait before the next attempt, in milliseconds, with up to half of it as jitter: a thousand pages must not
 * retry at the same moment. The wait doubles with each failure, and never shortens what the server asked for.
 *
 * @param failures - failed attempts in a row, at least 1
 */
export function backoff(failures: number, { firstMs = 1_000, maxMs = 30_000, retryAfterMs = 0 } = {}): number {
  const jitter = Math.random() / 2;
  const delay = Math.min(maxMs, firstMs * 2 ** (failures - 1));
  return Math.max(retryAfterMs * (1 + jitter), delay * (1 - jitter));
}
