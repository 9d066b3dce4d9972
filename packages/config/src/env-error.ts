/** An invalid environment. */
export class EnvError extends Error {
  override name = 'EnvError';

  /** @param problems - names each variable, such as `API_PORT: must be a number` */
  constructor(problems: string) {
    super(`The environment is invalid. ${problems}`);
  }
}

/** Reads a program's environment. If it is invalid, the process exits with a message instead of a stack trace. */
export function readOrExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
