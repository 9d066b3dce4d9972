import { ConditionalCheckFailedException, type DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { en } from 'zod/locales';
import * as z from 'zod/mini';
import type { Key } from './keys.ts';

// Zod Mini has no words of its own: those of an error would depend on what else a process has loaded.
z.config(en());

/** Why the message store refuses a call. The API has a reason of the same name for each. */
export type MessageStoreReason =
  | 'message_group_not_found'
  | 'message_not_found'
  | 'reply_target_not_found'
  | 'message_deleted'
  | 'not_your_message'
  | 'reaction_limit_reached'
  | 'edit_window_passed'
  | 'edit_limit_reached'
  | 'revision_conflict'
  | 'report_of_own_message'
  | 'recipient_unavailable'
  | 'request_pending'
  | 'account_suspended'
  | 'pin_limit_reached'
  | 'device_not_found'
  | 'client_message_uuid_reused'
  | 'client_message_uuid_from_future'
  | 'client_message_uuid_expired'
  | 'cursor_invalid';

/** A refusal that the caller caused. Nothing was written. */
export class MessageStoreError extends Error {
  override name = 'MessageStoreError';
  readonly reason: MessageStoreReason;

  constructor(reason: MessageStoreReason, options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
  }
}

/** An item of the table lacks an attribute, or has a wrong one. The message has the key and no values. */
export class MalformedItemError extends Error {
  override name = 'MalformedItemError';
  readonly key: Partial<Key>;

  constructor(key: Partial<Key>, { issues }: { issues: readonly Pick<z.core.$ZodIssue, 'path' | 'message'>[] }) {
    const problems = issues.map(({ path, message }) => `${path.join('.') || 'item'}: ${message}`);
    super(`malformed item ${key.pk} ${key.sk}: ${problems.join(', ')}`);
    this.key = { pk: key.pk, sk: key.sk };
  }
}

/** A group has neither a members item nor rows that name its members. */
export class UnknownMessageGroupError extends Error {
  override name = 'UnknownMessageGroupError';

  constructor(messageGroupUuid: string) {
    super(`group ${messageGroupUuid} has no members`);
  }
}

/**
 * Whether DynamoDB will always refuse the values of a request, such as a key that is too long. Other `ValidationException`s are
 * about a table or an expression, which a deployment may correct. Only the message differs, and the embedded engine words it
 * differently.
 */
export const isValueRefused = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'ValidationException' &&
  /^(One or more parameter values (were|are not) (in)?valid|Item size |Hash primary key values )/.test(error.message);

const UNAVAILABLE_NAMES = new Set([
  'InternalServerError',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'ThrottlingException',
  'TransactionConflictException',
  'TransactionInProgressException',
  'TimeoutError',
  'AbortError',
  'CredentialsProviderError',
  'ResourceNotFoundException',
]);

/**
 * Whether DynamoDB did not answer or could not serve the request (network, time-out, throttling, internal error, no
 * table), so that the same request may succeed later.
 */
export function isDynamoDbUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (UNAVAILABLE_NAMES.has(error.name)) return true;
  const { code, $fault, $metadata } = error as Partial<DynamoDBServiceException & NodeJS.ErrnoException>;
  // Also where a proxy answered, with a page that is not DynamoDB's.
  if ($fault === 'server' || ($metadata?.httpStatusCode ?? 0) >= 500 || isTransientCancellation(error)) return true;
  return typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/.test(code);
}

/** Cancellation reasons of a transaction that may succeed when it is tried again. */
const TRANSIENT_CODES = new Set(['ProvisionedThroughputExceeded', 'ThrottlingError', 'TransactionConflict']);
const CONDITION_CODES = new Set(['None', 'ConditionalCheckFailed']);

/** Whether a transaction was cancelled because of throttling or another transaction, and for no permanent reason. */
export function isTransientCancellation(error: unknown): boolean {
  const codes = cancellationCodes(error).filter((code) => !CONDITION_CODES.has(code));
  return codes.length > 0 && codes.every((code) => TRANSIENT_CODES.has(code));
}

/** Whether a transaction was cancelled because of its conditions only. */
export function isConditionFailure(error: unknown): boolean {
  const codes = cancellationCodes(error);
  return codes.includes('ConditionalCheckFailed') && codes.every((code) => CONDITION_CODES.has(code));
}

function cancellationCodes(error: unknown): string[] {
  if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') return [];
  const reasons = (error as { CancellationReasons?: { Code?: string }[] }).CancellationReasons ?? [];
  return reasons.map((reason) => reason.Code ?? 'None');
}

/** Whether a conditional write met its condition. */
export async function meetsCondition(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return false;
  }
}
