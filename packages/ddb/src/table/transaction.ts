import {
  IdempotentParameterMismatchException,
  TransactionCanceledException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import pRetry from 'p-retry';
import { isConditionFailure, isTransientCancellation } from './errors.ts';
import type { CallOptions } from './table-ref.ts';

/** Something else was written at the same moment; another try may succeed. */
export class Conflict extends Error {
  override name = 'Conflict';
  /** What the caller receives when no try succeeds. */
  readonly otherwise: Error | undefined;

  constructor(options: { cause: unknown; otherwise?: Error }) {
    super('a concurrent write was in the way', { cause: options.cause });
    this.otherwise = options.otherwise;
  }
}

/** No try succeeded. A retry around this one does not retry it again. By its name the store is unavailable. */
class TriesExhausted extends Error {
  override name = 'TransactionConflictException';
}

/** Why a transaction of conditional puts did not go through, if it is for the caller to settle. */
export type TransactionFailure =
  /** The token was used for another request within the last ten minutes. */
  | { kind: 'token-used'; error: Error }
  /** Items that exist where the transaction wanted to put its own, by position. */
  | { kind: 'occupied'; error: Error; occupants: (object | undefined)[] };

/**
 * Reads a transaction's error.
 *
 * @throws {Conflict} where the same transaction may succeed in a moment
 * @throws the error itself otherwise, such as a cancellation that no retry changes
 */
export function readTransactionFailure(error: unknown): TransactionFailure {
  if (error instanceof IdempotentParameterMismatchException) return { kind: 'token-used', error };
  if (error instanceof TransactionInProgressException) throw new Conflict({ cause: error });
  if (!(error instanceof TransactionCanceledException)) throw error;
  if (isTransientCancellation(error)) throw new Conflict({ cause: error, otherwise: error });
  if (!isConditionFailure(error)) throw error;
  const occupants = (error.CancellationReasons ?? []).map((reason) =>
    reason.Code === 'ConditionalCheckFailed' && reason.Item ? unmarshall(reason.Item) : undefined,
  );
  return { kind: 'occupied', error, occupants };
}

/** Tries again while it meets a {@link Conflict}: up to 8 times within about two seconds, at random intervals. */
export async function retryTransaction<T>(attempt: () => Promise<T>, options?: CallOptions): Promise<T> {
  try {
    return await pRetry(attempt, {
      retries: 7,
      minTimeout: 15,
      maxTimeout: 500,
      factor: 2,
      randomize: true,
      ...(options?.signal ? { signal: options.signal } : {}),
      shouldRetry: ({ error }) => error instanceof Conflict,
    });
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    throw error.otherwise ?? new TriesExhausted(error.message, { cause: error.cause });
  }
}
