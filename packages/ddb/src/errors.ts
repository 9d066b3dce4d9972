import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';

/** Why the message store refuses; each is a reason of the API by the same name. */
export type MessageStoreReason =
  | 'message_group_not_found'
  | 'client_message_uuid_reused'
  | 'client_message_uuid_from_future'
  | 'cursor_invalid';

/** A refusal that the caller brought about; nothing was written. */
export class MessageStoreError extends Error {
  override name = 'MessageStoreError';
  readonly reason: MessageStoreReason;

  constructor(reason: MessageStoreReason, options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
  }
}

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
 * Says whether an error means that DynamoDB did not answer or could not serve just now (network, time-out, throttling,
 * a fault of its own, no table), so that the same request may succeed later.
 */
export function isDynamoDbUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (UNAVAILABLE_NAMES.has(error.name)) return true;
  if (error instanceof DynamoDBServiceException) {
    return error.$fault === 'server' || (error.$metadata.httpStatusCode ?? 0) >= 500 || isTransientCancellation(error);
  }
  const code = (error as NodeJS.ErrnoException).code;
  return typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/.test(code);
}

/** A transaction that was cancelled for throttling or another transaction's sake, not for a condition of its own. */
export function isTransientCancellation(error: unknown): boolean {
  return cancellationCodes(error).some((code) => code !== 'None' && code !== 'ConditionalCheckFailed');
}

function cancellationCodes(error: unknown): string[] {
  if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') return [];
  const reasons = (error as { CancellationReasons?: { Code?: string }[] }).CancellationReasons ?? [];
  return reasons.map((reason) => reason.Code ?? 'None');
}
