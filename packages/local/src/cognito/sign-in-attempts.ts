/** Failed attempts that cost nothing. */
const FREE_ATTEMPTS = 5;
/** The longest lockout, and how long without an attempt makes all good again; milliseconds. */
const LONGEST_MS = 15 * 60_000;

/** Names that are remembered; the one that failed least recently goes first. */
const MOST_NAMES = 10_000;

export type SignInAttempts = ReturnType<typeof createSignInAttempts>;

/**
 * Counts failed attempts to sign in by password as AWS does: after five, the next are refused for a second, and for
 * twice as long after each further failure. Attempts meanwhile count for nothing.
 *
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html (lockout behavior)
 *
 * @param now - the time, in milliseconds
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
      if (failures.size > MOST_NAMES) failures.delete(oldest);
    },
    /** Names that are remembered now. */
    count: () => failures.size,
    succeed: (name: string) => failures.delete(name),
  };
}
