/**
 * SQLSTATE: connection exceptions (08), insufficient resources such as too many connections (53), operator intervention
 * such as a shutdown (57P), a statement past its time (57014), and a write to what a failover has left read-only (25006).
 */
const UNAVAILABLE_SQLSTATE = /^(08|53|57P)[0-9A-Z]+$|^57014$|^25006$/;

const UNAVAILABLE_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** The errors of pg and pg-pool that carry no code. */
const UNAVAILABLE_MESSAGES = [
  /^Connection terminated/,
  /^timeout exceeded when trying to connect$/,
  /^timeout expired$/,
  /^Query read timeout$/,
  /^Client (has encountered a connection error|was closed) and is not queryable$/,
  /^Cannot use a pool after calling end on the pool$/,
];

/**
 * Whether an error says that PostgreSQL did not answer, rather than that it refused: refused, reset or timed out
 * connections, too many of them, a shutdown, a query past its time. Looks through `cause` and `AggregateError`.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  return saysUnavailable(error, 0);
}

function saysUnavailable(error: unknown, depth: number): boolean {
  // A chain of causes may be a ring.
  if (!(error instanceof Error) || depth > 8) return false;
  if ('code' in error && typeof error.code === 'string') {
    if (UNAVAILABLE_SQLSTATE.test(error.code) || UNAVAILABLE_SYSTEM_CODES.has(error.code)) return true;
  }
  if (UNAVAILABLE_MESSAGES.some((message) => message.test(error.message))) return true;
  if (error instanceof AggregateError && error.errors.some((one) => saysUnavailable(one, depth + 1))) return true;
  return saysUnavailable(error.cause, depth + 1);
}
