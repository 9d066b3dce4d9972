/** What a log line says of an error. */
export interface LoggedError {
  type: string;
  /** A store's or the system's code, such as `ECONNREFUSED` or a SQLSTATE. */
  code?: string;
  /** Of our own mistakes alone. */
  message?: string;
  /** The place in our code, as `file:line:column`. */
  at?: string;
  cause?: LoggedError;
}

/** Errors of the language: their messages name our code's variables, and nothing that a request or a store holds. */
const MISTAKES = new Set(['TypeError', 'ReferenceError', 'RangeError']);
const MAX_CAUSES = 3;

/**
 * Says of an error what it is and where it came from, and nothing of what a request carried: the messages of stores and
 * parsers quote statements, keys, values and input, so that only codes are kept of them.
 */
export function logError(error: unknown, causes = MAX_CAUSES): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const at = ownPlace(error.stack ?? '');
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    ...(MISTAKES.has(error.name) ? { message: error.message } : {}),
    ...(at === undefined ? {} : { at }),
    ...(error.cause instanceof Error && causes > 0 ? { cause: logError(error.cause, causes - 1) } : {}),
  };
}

/** The innermost frame that is ours: below `apps/` or `packages/`, or of the bundle. */
function ownPlace(stack: string): string | undefined {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line) && !/node_modules|node:/.test(line));
  return frames.map((line) => /((?:apps|packages|dist)\/[^\s()]+:\d+:\d+)\)?$/.exec(line)?.[1]).find(Boolean);
}
