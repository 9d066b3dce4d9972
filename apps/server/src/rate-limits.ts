import { normalizeIP } from '@fastify/rate-limit';
import { LRUCache } from 'lru-cache';
import pLimit, { type LimitFunction } from 'p-limit';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Refusal } from './errors.ts';

/** What one person or network address may do on one server instance: points per `duration` in seconds. */
export const RATE_LIMITS = {
  /** Calls of any kind. */
  call: { points: 600, duration: 60 },
  /** Capacity units of the table, reads and writes together. */
  unit: { points: 3000, duration: 60 },
  send: { points: 120, duration: 60 },
  /** Edits, deletions and reactions; changes of a group's state, of settings and of devices, and blocks. */
  change: { points: 120, duration: 60 },
  /** New conversations. */
  newGroup: { points: 100, duration: 3600 },
  /** Pages of the caller's data: 30,000 messages. */
  export: { points: 60, duration: 60 },
  report: { points: 30, duration: 3600 },
  /** Typing signals: one every three seconds, in a few groups. */
  typing: { points: 60, duration: 60 },
  /** Of people and of messages: enough for both per keystroke. */
  search: { points: 240, duration: 60 },
  /** Calls of monitoring, by network address. */
  ping: { points: 60, duration: 60 },
  /** Calls with a missing or invalid token, by network address. */
  badToken: { points: 120, duration: 60 },
} as const;

type LimitName = keyof typeof RATE_LIMITS;

/** Most simultaneous table calls of one person. Further ones wait. */
const PARALLEL_CALLS = 20;
/** The same of searches of messages in PostgreSQL, so that others' statements get a connection at once. */
const PARALLEL_SEARCHES = 2;

/** The capacity units of one person. A store call is charged when it ends, so the running ones may exceed the limit. */
export interface UnitBudget {
  /** Runs a call when it is its turn. Rejects with `rate_limited` when all units are spent. */
  spend: <T>(call: () => Promise<T>) => Promise<T>;
  charge: (units: number) => void;
}

/** Most things that {@link RateLimits.consumeOnce} remembers. */
const MAX_REMEMBERED = 50_000;

export type RateLimits = ReturnType<typeof createRateLimits>;

/**
 * Counts in memory, so n instances allow n times as much.
 *
 * @param factor - multiplies the limits: 1 except in load tests
 */
export function createRateLimits(factor = 1) {
  const limiters = Object.fromEntries(
    Object.entries(RATE_LIMITS).map(([name, limit]) => [
      name,
      new RateLimiterMemory({ keyPrefix: name, points: limit.points * factor, duration: limit.duration }),
    ]),
  ) as Record<LimitName, RateLimiterMemory>;
  const countedOnce = new LRUCache<string, Promise<void>>({ max: MAX_REMEMBERED });

  async function consume(limit: LimitName, key: string): Promise<void> {
    try {
      await limiters[limit].consume(key);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw rateLimited(error);
    }
  }

  return {
    unitBudget: createUnitBudgets(limiters.unit),

    /** Runs a person's search of messages in PostgreSQL when it is its turn. */
    searchInTurn: createTurns(PARALLEL_SEARCHES),

    /**
     * Counts one point.
     *
     * @throws {Refusal} `rate_limited`, with the seconds to wait
     */
    consume,

    /**
     * Counts a thing once within the limit's duration, even if it is retried or attempted concurrently.
     *
     * @throws {Refusal} `rate_limited`, with the seconds to wait
     */
    consumeOnce(limit: LimitName, key: string, thing: string): Promise<void> {
      const id = `${limit} ${key} ${thing}`;
      const known = countedOnce.get(id);
      if (known) return known;
      const counted = consume(limit, key);
      countedOnce.set(id, counted, { ttl: RATE_LIMITS[limit].duration * 1000 });
      // A refused attempt was not counted.
      counted.catch(() => countedOnce.delete(id));
      return counted;
    },
  };
}

/** Returns a function that returns the budget of a person. */
function createUnitBudgets(limiter: RateLimiterMemory) {
  const inTurn = createTurns(PARALLEL_CALLS);
  return (userUuid: string): UnitBudget => ({
    spend: (call) =>
      inTurn(userUuid, async () => {
        const spent = await limiter.get(userUuid);
        if (spent !== null && spent.consumedPoints >= limiter.points) throw rateLimited(spent);
        return call();
      }),
    charge: (units) => void limiter.penalty(userUuid, units),
  });
}

/** Returns a function that runs calls of a person, at most so many at once. */
function createTurns(parallel: number) {
  const limits = new Map<string, LimitFunction>();
  return async <T>(userUuid: string, call: () => Promise<T>): Promise<T> => {
    const limit = limits.get(userUuid) ?? pLimit(parallel);
    limits.set(userUuid, limit);
    try {
      return await limit(call);
    } finally {
      if (limit.activeCount + limit.pendingCount === 0) limits.delete(userUuid);
    }
  };
}

function rateLimited({ msBeforeNext }: RateLimiterRes): Refusal {
  return new Refusal('rate_limited', { retryAfter: Math.max(1, Math.ceil(msBeforeNext / 1000)) });
}

/** The key of a network address: itself, or for IPv6 its /64, which is one household's. */
export function addressKey(address: string): string {
  return normalizeIP(address);
}
