/** Told of a statement and its parameters. */
export type OnQuery = (statement: string, parameters: readonly unknown[]) => void;

/** Drizzle's configuration for telling of every statement. */
export function queryLogger(onQuery: OnQuery | undefined) {
  return onQuery === undefined ? {} : { logger: { logQuery: onQuery } };
}
