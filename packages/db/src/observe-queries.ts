import type { Pool } from 'pg';

/** A query, from the request for a connection to the answer. */
export interface DatabaseCall {
  /** The SQL with placeholders: `$1`, `$2`. */
  statement: string;
  /** Name of a prepared statement. */
  name: string | undefined;
  milliseconds: number;
  /** SQLSTATE, the system's code if PostgreSQL did not answer, or else the error's name. */
  error: string | undefined;
}

type Query = (...args: unknown[]) => Promise<unknown>;

/** Reports every query of a pool, except those in a transaction, which has its own connection. */
export function observeQueries(pool: Pool, onCall: (call: DatabaseCall) => void): void {
  const query = pool.query.bind(pool) as Query;
  const observed: Query = async (...args) => {
    const started = performance.now();
    const report = (error?: string) =>
      onCall({ ...describeQuery(args[0]), milliseconds: performance.now() - started, error });
    try {
      const result = await query(...args);
      report();
      return result;
    } catch (error) {
      const { code, name } = error as { code?: string; name?: string };
      report(code ?? name ?? 'Error');
      throw error;
    }
  };
  pool.query = observed as typeof pool.query;
}

function describeQuery(query: unknown): Pick<DatabaseCall, 'statement' | 'name'> {
  if (typeof query === 'string') return { statement: query, name: undefined };
  const { text, name } = query as { text: string; name?: string };
  return { statement: text, name };
}
