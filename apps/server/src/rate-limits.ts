import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Refusal } from './errors.ts';

/** What one person may do on one server instance: points per seconds. */
const LIMITS = {
  /** Calls of any kind. */
  call: { points: 600, duration: 60 },
  /** Messages. */
  send: { points: 120, duration: 60 },
  /** Searches: one for each key typed, and more. */
  search: { points: 120, duration: 60 },
} as const;

export type RateLimits = ReturnType<typeof createRateLimits>;

/** Counts what each person does, in memory: n instances allow n times as much in all. */
export function createRateLimits(factor = 1) {
  const limiters = Object.fromEntries(
    Object.entries(LIMITS).map(([name, limit]) => [
      name,
      new RateLimiterMemory({ keyPrefix: name, points: limit.points * factor, duration: limit.duration }),
    ]),
  ) as Record<keyof typeof LIMITS, RateLimiterMemory>;

  return {
    /**
     * Counts one more.
     *
     * @throws {Refusal} `rate_limited`, with the seconds to wait
     */
    async consume(limit: keyof typeof LIMITS, key: string): Promise<void> {
      try {
        await limiters[limit].consume(key);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        throw new Refusal('rate_limited', { retryAfter: Math.ceil(error.msBeforeNext / 1000) });
      }
    },
  };
}
