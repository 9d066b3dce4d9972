import { DrizzleQueryError } from 'drizzle-orm';
import { DatabaseError } from 'pg';
import { NO_TOKEN } from './sign-in.ts';

/** SQLSTATEs that this package handles. */
export const SQLSTATE = { uniqueViolation: '23505', duplicateDatabase: '42P04', noSuchDatabase: '3D000' } as const;

/** Finds the error of PostgreSQL itself, which Drizzle wraps. */
export function findDatabaseError(error: unknown): DatabaseError | undefined {
  if (error instanceof DatabaseError) return error;
  return error instanceof Error && error.cause !== error ? findDatabaseError(error.cause) : undefined;
}

/**
 * What may be logged of an error: Drizzle's has the parameters of its statement, such as texts of messages, and PostgreSQL's can quote
 * the row.
 */
export function withoutValues(error: unknown): unknown {
  const refusal = findDatabaseError(error);
  if (refusal) {
    const { code, constraint } = refusal;
    return new Error(`PostgreSQL refused a statement: ${[code, constraint].filter(Boolean).join(' ')}`);
  }
  return error instanceof DrizzleQueryError && error.cause ? error.cause : error;
}

/**
 * SQLSTATE: connection exceptions (08), insufficient resources such as too many connections (53), operator intervention
 * such as a shutdown (57P), a statement time-out (57014), and a write after a failover to a read-only server (25006).
 */
const UNAVAILABLE_SQLSTATE = /^(08|53|57P)[0-9A-Z]+$|^57014$|^25006$/;

const UNAVAILABLE_SYSTEM_CODE = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENET)/;

/** Errors without a code, of pg, pg-pool and `sign-in.ts`. */
const UNAVAILABLE_MESSAGES = [
  /^Connection terminated/,
  new RegExp(`^${NO_TOKEN}`),
  /^timeout exceeded when trying to connect$/,
  /^timeout expired$/,
  /^Query read timeout$/,
  /^Client (has encountered a connection error|was closed) and is not queryable$/,
  /^Cannot use a pool after calling end on the pool$/,
];

/**
 * Whether PostgreSQL could not answer: a connection was refused, reset or timed out, there are too many connections or no
 * token for one, the server is shutting down, or a query timed out. Looks through `cause` and `AggregateError`.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  return isUnavailable(error, 0);
}

/**
 * SQLSTATE: data exceptions (22), a check constraint (23514), and program limits such as the size of an index entry (54). Not other
 * constraints and not missing tables: those are of a schema that a deployment may put right.
 */
const DATA_SQLSTATE = /^(22|54)[0-9A-Z]+$|^23514$/;

/** Whether PostgreSQL refuses the values of a statement, whenever it is sent. */
export const isDataRefused = (error: unknown): boolean => DATA_SQLSTATE.test(findDatabaseError(error)?.code ?? '');

function isUnavailable(error: unknown, depth: number): boolean {
  // Causes can form a ring.
  if (!(error instanceof Error) || depth > 8) return false;
  if ('code' in error && typeof error.code === 'string') {
    if (UNAVAILABLE_SQLSTATE.test(error.code) || UNAVAILABLE_SYSTEM_CODE.test(error.code)) return true;
  }
  if (UNAVAILABLE_MESSAGES.some((message) => message.test(error.message))) return true;
  if (error instanceof AggregateError && error.errors.some((one) => isUnavailable(one, depth + 1))) return true;
  return isUnavailable(error.cause, depth + 1);
}
