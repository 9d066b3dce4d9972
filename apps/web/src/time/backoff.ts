interface BackoffOptions {
  /** The first wait, in milliseconds. It doubles with each failure. */
  firstMs?: number;
  maxMs?: number;
  /** How long the server asked to wait, in milliseconds; never shortened. */
  retryAfterMs?: number;
}

/**
 * How long to wait before the next attempt, in milliseconds, with up to half of it as jitter: a thousand pages must not
 * retry at the same moment.
 *
 * @param failures - failed attempts in a row, at least 1
 */
export function backoff(failures: number, options: BackoffOptions = {}): number {
  const { firstMs = 1_000, maxMs = 30_000, retryAfterMs = 0 } = options;
  const jitter = Math.random() / 2;
  const delay = Math.min(maxMs, firstMs * 2 ** (failures - 1));
  return Math.max(retryAfterMs * (1 + jitter), delay * (1 - jitter));
}
