/** An environment that cannot be used; the message names each variable. */
export class EnvError extends Error {
  override name = 'EnvError';
}

/**
 * Reads a program's environment. If it cannot be used, the process ends with one sentence instead of a stack trace.
 *
 * @example
 * const env = readOrExit(readServerEnv);
 */
export function readOrExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
