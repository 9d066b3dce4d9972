/** Failed attempts without a lockout. */
const FREE_ATTEMPTS = 5;
/** The longest lockout, and the time without an attempt after which failures are forgotten. */
const LONGEST_MS = 15 * 60_000;

/** The name that failed least recently is forgotten first. */
const MAX_NAMES = 10_000;

export type SignInAttempts = ReturnType<typeof createSignInAttempts>;

/**
 * Counts failed attempts to sign in by password as AWS does: after five, further ones are refused for a second, and for
 * twice as long after each further failure. Attempts during a lockout do not count.
 *
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html (lockout behavior)
 */
export function createSignInAttempts(now: () => number = Date.now) {
  const failures = new Map<string, { count: number; at: number }>();

  const lockedUntil = (name: string): number => {
    const failed = failures.get(name);
    if (failed === undefined || failed.count < FREE_ATTEMPTS) return 0;
    return failed.at + Math.min(1000 * 2 ** (failed.count - FREE_ATTEMPTS), LONGEST_MS);
  };

  return {
    isLocked: (name: string) => now() < lockedUntil(name),
    fail(name: string) {
      const failed = failures.get(name);
      const isOver = failed !== undefined && now() - Math.max(failed.at, lockedUntil(name)) > LONGEST_MS;
      // Moves it to the end of the map's order.
      failures.delete(name);
      failures.set(name, { count: isOver ? 1 : (failed?.count ?? 0) + 1, at: now() });
      const [oldest = name] = failures.keys();
      if (failures.size > MAX_NAMES) failures.delete(oldest);
    },
    /** Number of names in memory. */
    count: () => failures.size,
    succeed: (name: string) => failures.delete(name),
  };
}
