import type { Pool } from 'pg';

/** One query, from asking for a connection to the answer. */
export interface DatabaseCall {
  /** The statement as it is sent, its parameters left out: `$1`, `$2`. */
  statement: string;
  /** Name of a prepared statement. */
  name: string | undefined;
  milliseconds: number;
  /** Code of the error that it ended with: SQLSTATE, or the system's where PostgreSQL did not answer; else its name. */
  error: string | undefined;
}

/** Tells of every query that a pool runs from now on; not of those inside a transaction, which has its own connection. */
export function observeQueries(pool: Pool, onCall: (call: DatabaseCall) => void): void {
  const query = pool.query.bind(pool) as unknown as (...args: unknown[]) => Promise<unknown>;
  const observed = async (...args: unknown[]): Promise<unknown> => {
    const started = performance.now();
    const report = (error?: string) =>
      onCall({ ...statementOf(args[0]), milliseconds: performance.now() - started, error });
    try {
      const result = await query(...args);
      report();
      return result;
    } catch (error) {
      report(codeOf(error));
      throw error;
    }
  };
  pool.query = observed as unknown as typeof pool.query;
}

function statementOf(query: unknown): { statement: string; name: string | undefined } {
  if (typeof query === 'string') return { statement: query, name: undefined };
  const { text, name } = query as { text: string; name?: string };
  return { statement: text, name };
}

function codeOf(error: unknown): string {
  const { code, name } = error as { code?: string; name?: string };
  return code ?? name ?? 'Error';
}
