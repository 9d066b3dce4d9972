import { normalizeIP } from '@fastify/rate-limit';
import { LRUCache } from 'lru-cache';
import pLimit, { type LimitFunction } from 'p-limit';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Refusal } from './errors.ts';

/** What one person, or one network address, may do on one server instance: points per seconds. */
export const RATE_LIMITS = {
  /** Calls of any kind. */
  call: { points: 600, duration: 60 },
  /** Capacity units of the table, reads and writes together. */
  unit: { points: 3000, duration: 60 },
  /** Messages. */
  send: { points: 120, duration: 60 },
  /** People written to for the first time: new conversations. */
  newGroup: { points: 100, duration: 3600 },
  /** Signals of typing: one in three seconds, in a few groups. */
  typing: { points: 60, duration: 60 },
  /** Searches: one for each key typed, and more. */
  search: { points: 120, duration: 60 },
  /** Calls without a token of ours, by network address. */
  badToken: { points: 120, duration: 60 },
} as const;

/** What {@link RATE_LIMITS} counts. */
type LimitName = keyof typeof RATE_LIMITS;

/** Calls of the table in one person's name that are under way at the same time; further ones wait. */
const CALLS_UNDER_WAY = 20;

/** The capacity units of one person. A store call is paid after it: the few under way may go beyond the limit. */
export interface UnitBudget {
  /** Makes a call in its turn. Rejects with `rate_limited`, and the seconds to wait, once all units are spent. */
  spend: <T>(call: () => Promise<T>) => Promise<T>;
  charge: (units: number) => void;
}

/** Things counted once that are remembered. */
const REMEMBERED = 50_000;

export type RateLimits = ReturnType<typeof createRateLimits>;

/**
 * Counts what each person does, in memory: n instances allow n times as much in all.
 *
 * @param factor - what the limits are multiplied by: 1, but for load tests
 */
export function createRateLimits(factor = 1) {
  const limiters = Object.fromEntries(
    Object.entries(RATE_LIMITS).map(([name, limit]) => [
      name,
      new RateLimiterMemory({ keyPrefix: name, points: limit.points * factor, duration: limit.duration }),
    ]),
  ) as Record<LimitName, RateLimiterMemory>;
  const storeCalls = new Map<string, LimitFunction>();
  const countedOnce = new LRUCache<string, Promise<void>>({ max: REMEMBERED });

  async function consume(limit: LimitName, key: string): Promise<void> {
    try {
      await limiters[limit].consume(key);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw rateLimited(error);
    }
  }

  return {
    /** The budget of the table's units that a person may spend. */
    unitBudget(userUuid: string): UnitBudget {
      const { unit } = limiters;
      return {
        async spend(call) {
          const limit = storeCalls.get(userUuid) ?? pLimit(CALLS_UNDER_WAY);
          storeCalls.set(userUuid, limit);
          try {
            return await limit(async () => {
              const spent = await unit.get(userUuid);
              if (spent !== null && spent.consumedPoints >= unit.points) throw rateLimited(spent);
              return call();
            });
          } finally {
            if (limit.activeCount + limit.pendingCount === 0) storeCalls.delete(userUuid);
          }
        },
        charge: (units) => void unit.penalty(userUuid, units),
      };
    },

    /**
     * Counts one more.
     *
     * @throws {Refusal} `rate_limited`, with the seconds to wait
     */
    consume,

    /**
     * Counts something once, however often and however simultaneously it is tried again within the limit's time.
     *
     * @throws {Refusal} `rate_limited`, with the seconds to wait
     */
    consumeOnce(limit: LimitName, key: string, thing: string): Promise<void> {
      const id = `${limit} ${key} ${thing}`;
      const known = countedOnce.get(id);
      if (known) return known;
      const counted = consume(limit, key);
      countedOnce.set(id, counted, { ttl: RATE_LIMITS[limit].duration * 1000 });
      // What was refused was not counted.
      counted.catch(() => countedOnce.delete(id));
      return counted;
    },
  };
}

function rateLimited({ msBeforeNext }: RateLimiterRes): Refusal {
  return new Refusal('rate_limited', { retryAfter: Math.max(1, Math.ceil(msBeforeNext / 1000)) });
}

/** What a network address is counted as: itself, or for IPv6 its /64, which one household has. */
export function addressKey(address: string): string {
  return normalizeIP(address);
}
