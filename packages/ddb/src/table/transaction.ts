import {
  IdempotentParameterMismatchException,
  TransactionCanceledException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { isConditionFailure, isTransientCancellation } from './errors.ts';
import type { Item } from './parse-items.ts';
import { Conflict } from './retry.ts';
import type { TableRef } from './table-ref.ts';

/** A put that refuses to overwrite, and then returns the existing item. */
export function putIfAbsent({ tableName }: TableRef, item: object) {
  return {
    Put: {
      TableName: tableName,
      Item: { ...item },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    },
  };
}

/** Why a transaction of conditional puts failed, where the caller decides what follows. */
export type TransactionFailure =
  /** The token was used for another request within the last ten minutes. */
  | { kind: 'token-used'; error: Error }
  /** Existing items where the transaction would put its own, by position. */
  | { kind: 'occupied'; error: Error; occupants: (Item | undefined)[] };

/**
 * Reads a transaction's error.
 *
 * @throws {Conflict} if the same transaction may succeed in a moment
 * @throws the error itself, if no retry changes it
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

export type TransactionItems = NonNullable<TransactWriteCommand['input']['TransactItems']>;

/**
 * Writes a transaction whose conditions are about what the attempt has read: if one fails, the next attempt reads it again.
 *
 * @throws {Conflict} if a condition is not met, or the same transaction may succeed in a moment
 */
export async function writeAsRead(table: TableRef, items: TransactionItems): Promise<void> {
  try {
    await table.client.send(new TransactWriteCommand({ TransactItems: items }), { abortSignal: table.signal });
  } catch (error) {
    throw new Conflict({ cause: readTransactionFailure(error).error });
  }
}
