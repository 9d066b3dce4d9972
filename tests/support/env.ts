/** The environment that processes under test inherit, without variables that point to a developer's services. */
export function inheritedEnv(): Record<string, string> {
  const excluded =
    /^(AWS_|OTEL_|COGNITO_|DATABASE_URL|REDIS_|DDB_TABLE|CURSOR_SECRET|WEB_|API_|.*_PORT$|LOCAL_DATA_DIR|PUSH_|VAPID_|VITEST|NODE_ENV)/;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || excluded.test(name) ? [] : [[name, value]],
    ),
  );
}

/** The variables that the AWS SDK reads from this process. */
export const awsVariables = (): string[] => Object.keys(process.env).filter((name) => name.startsWith('AWS_'));

/** The path of a Chromium or Chrome that replaces the bundled one. */
export const chromePath = (): string | undefined => process.env.CHROME_PATH;

/** Whether `npm run build` has run before this test run, which must not repeat it: others read the files. */
export const isBuilt = (): boolean => process.env.IS_BUILT === '1';

/** Whether browser tests save screenshots to `test-artifacts`. */
export const keepsScreenshots = (): boolean => process.env.KEEP_SCREENSHOTS === '1';

/**
 * The number of random histories in the property test, and their seed, which is fixed unless `HISTORY_RUNS` is set.
 * `HISTORY_SEED` repeats a failure.
 */
export function historyRuns(): { numRuns: number; seed: number } {
  const { HISTORY_RUNS, HISTORY_SEED } = process.env;
  return {
    numRuns: Number(HISTORY_RUNS ?? 30),
    seed: Number(HISTORY_SEED ?? (HISTORY_RUNS === undefined ? 20_261_120 : Date.now() % 2 ** 31)),
  };
}

/** How often the crash test kills each process. */
export const crashRounds = (): number => Number(process.env.CRASH_ROUNDS ?? 3);
