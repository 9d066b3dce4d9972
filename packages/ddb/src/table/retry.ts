import pRetry from 'p-retry';
import type { TableRef } from './table-ref.ts';

/** Thrown by an attempt if another one may succeed: after a concurrent write, or while DynamoDB is under load. */
export class Conflict extends Error {
  override name = 'Conflict';
  /** The error for the caller if no attempt succeeds. */
  readonly otherwise: Error | undefined;

  constructor({ cause, otherwise }: { cause: unknown; otherwise?: Error }) {
    super('a concurrent write was in the way', { cause });
    this.otherwise = otherwise;
  }
}

/** No attempt succeeded. `isDynamoDbUnavailable` recognises it by its name. */
class AttemptsExhausted extends Error {
  override name = 'TransactionConflictException';
}

/** The only retry policy besides the SDK's: eight attempts within about two seconds, at random intervals. */
const BACKOFF = { retries: 7, minTimeout: 15, maxTimeout: 500, factor: 2, randomize: true };

/** Repeats an attempt while it throws a {@link Conflict}, until the table's deadline. */
export async function retryOnConflict<T>(
  attempt: () => Promise<T>,
  { signal }: Pick<TableRef, 'signal'> = {},
): Promise<T> {
  try {
    return await pRetry(attempt, { ...BACKOFF, signal, shouldRetry: ({ error }) => error instanceof Conflict });
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    throw error.otherwise ?? new AttemptsExhausted(error.message, { cause: error.cause });
  }
}
