/** An error in a log line. */
export interface LoggedError {
  type: string;
  /** A code of a store or the system, such as `ECONNREFUSED` or a SQLSTATE. */
  code?: string;
  /** Only of errors whose messages contain no values. */
  message?: string;
  /** The place in our code, as `file:line:column`. */
  at?: string;
  cause?: LoggedError;
}

/** Errors whose messages contain names of variables, or the key of an item, but no other data of requests or stores. */
const WITHOUT_VALUES = new Set(['TypeError', 'ReferenceError', 'RangeError', 'MalformedItemError']);
const MAX_CAUSES = 3;

/** Describes an error without data of the request: messages of stores and parsers quote statements, keys and input. */
export function logError(error: unknown, causes = MAX_CAUSES): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error };
  return {
    type: error.name,
    code: 'code' in error && typeof error.code === 'string' ? error.code : undefined,
    message: WITHOUT_VALUES.has(error.name) ? error.message : undefined,
    at: findOwnFrame(error.stack ?? ''),
    cause: error.cause instanceof Error && causes > 0 ? logError(error.cause, causes - 1) : undefined,
  };
}

/** The innermost frame below `apps/`, `packages/` or the bundle's `dist/`. */
function findOwnFrame(stack: string): string | undefined {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line) && !/node_modules|node:/.test(line));
  return frames.map((line) => /((?:apps|packages|dist)\/[^\s()]+:\d+:\d+)\)?$/.exec(line)?.[1]).find(Boolean);
}
