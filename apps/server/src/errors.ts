import { HandleTakenError, isDatabaseUnavailable } from '@cruddur/db';
import { isDynamoDbUnavailable, MessageStoreError } from '@cruddur/ddb';
import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';

/** Every stable refusal reason, with its tRPC code and a message for developers. */
const REASONS = {
  token_missing: ['UNAUTHORIZED', 'The request has no access token.'],
  token_invalid: ['UNAUTHORIZED', 'The access token is invalid.'],
  token_expired: ['UNAUTHORIZED', 'The access token has expired.'],
  message_group_not_found: ['NOT_FOUND', 'There is no such message group.'],
  user_not_found: ['NOT_FOUND', 'No user has this handle.'],
  message_blank: ['BAD_REQUEST', 'The message has no visible text.'],
  message_exceed_max_chars: ['BAD_REQUEST', 'The message has more than 1024 characters.'],
  message_group_uuid_blank: ['BAD_REQUEST', 'The message has neither a group nor a recipient.'],
  user_receiver_handle_blank: ['BAD_REQUEST', "The recipient's handle is blank."],
  message_not_found: ['NOT_FOUND', 'There is no such message in this group.'],
  reply_target_not_found: ['NOT_FOUND', 'The message to reply to is not in this group.'],
  message_deleted: ['BAD_REQUEST', 'The message was deleted.'],
  not_your_message: ['FORBIDDEN', 'Only the sender can edit or delete a message.'],
  edit_window_passed: ['BAD_REQUEST', 'The message was sent more than 24 hours ago.'],
  edit_limit_reached: ['BAD_REQUEST', 'The message was already edited 10 times.'],
  revision_conflict: ['CONFLICT', 'The message was edited since it was read.'],
  reaction_invalid: ['BAD_REQUEST', 'The reaction is not a single emoji.'],
  reaction_limit_reached: ['BAD_REQUEST', 'The caller already has 5 reactions to the message.'],
  report_of_own_message: ['BAD_REQUEST', "The message is the caller's."],
  recipient_unavailable: ['BAD_REQUEST', 'The recipient cannot be reached.'],
  request_pending: ['BAD_REQUEST', 'The conversation is not accepted yet.'],
  account_suspended: ['FORBIDDEN', 'The account may read, but not send.'],
  pin_limit_reached: ['BAD_REQUEST', 'The caller has already pinned 5 conversations.'],
  push_endpoint_invalid: ['BAD_REQUEST', 'The endpoint is not of a known push service.'],
  push_not_configured: ['BAD_REQUEST', 'The service sends no pushes.'],
  device_not_found: ['NOT_FOUND', 'The caller has no such device.'],
  recipient_is_self: ['BAD_REQUEST', 'The recipient is the sender.'],
  query_blank: ['BAD_REQUEST', 'The query has nothing to search for.'],
  cursor_invalid: ['BAD_REQUEST', 'The cursor does not belong to this list and caller.'],
  input_invalid: ['BAD_REQUEST', 'The input does not match the schema.'],
  handle_invalid: ['BAD_REQUEST', 'The account has no valid handle.'],
  handle_taken: ['CONFLICT', "The account's handle belongs to another user."],
  client_message_uuid_reused: ['CONFLICT', 'The id belongs to another message.'],
  client_message_uuid_expired: ['BAD_REQUEST', 'The id is too old to rule out a duplicate. Nothing was written.'],
  client_message_uuid_from_future: [
    'BAD_REQUEST',
    "The id's time is ahead of the server's clock. Nothing was written.",
  ],
  rate_limited: ['TOO_MANY_REQUESTS', 'Too many requests; try again later.'],
  store_unavailable: ['SERVICE_UNAVAILABLE', 'A store is unavailable. It is safe to try again.'],
} as const satisfies Record<string, readonly [TRPCError['code'], string]>;

/** Why a request was refused: stable, for programs to read as `data.reason`. */
export type Reason = keyof typeof REASONS;

/** An expected refusal. */
export class Refusal extends TRPCError {
  readonly reason: Reason;
  /** Seconds until a retry may succeed, if known. */
  readonly retryAfter: number | undefined;

  constructor(reason: Reason, options: { cause?: unknown; retryAfter?: number } = {}) {
    const [code, message] = REASONS[reason];
    super({ code, message, cause: options.cause });
    this.reason = reason;
    this.retryAfter = options.retryAfter;
  }
}

/** The name of an error in logs, spans and metrics: a refusal's reason, otherwise tRPC's code. */
export function reasonOf(error: TRPCError): string {
  return error instanceof Refusal ? error.reason : error.code;
}

/** Messages for errors without a reason. They never contain input. */
const MESSAGES: Partial<Record<TRPCError['code'], string>> = {
  BAD_REQUEST: 'The request cannot be parsed.',
  PARSE_ERROR: 'The request cannot be parsed.',
  NOT_FOUND: 'There is nothing at this address.',
  METHOD_NOT_SUPPORTED: 'The request has the wrong method for this procedure.',
  TIMEOUT: 'The request took too long.',
  PAYLOAD_TOO_LARGE: 'The request is too large.',
  UNSUPPORTED_MEDIA_TYPE: 'The request is not JSON.',
};

/** The message of an error without a reason. */
export function defaultMessage(code: TRPCError['code']): string {
  return MESSAGES[code] ?? 'Internal error.';
}

/** Turns an error of a procedure into a refusal if it is an expected one. Returns any other error unchanged. */
export function toRefusal(error: TRPCError): TRPCError {
  const cause = error.cause;
  if (error instanceof Refusal) return error;
  // An output that does not match its schema is a bug of ours, and has another code.
  if (cause instanceof ZodError && error.code === 'BAD_REQUEST') return new Refusal(reasonOfInput(cause), { cause });
  if (cause instanceof MessageStoreError) return new Refusal(cause.reason, { cause });
  if (cause instanceof HandleTakenError) return new Refusal('handle_taken', { cause });
  if (isDynamoDbUnavailable(cause) || isDatabaseUnavailable(cause)) return new Refusal('store_unavailable', { cause });
  return error;
}

/** A schema names its reason in an issue's `params`. Any other issue is `input_invalid`. */
function reasonOfInput(error: ZodError): Reason {
  for (const issue of error.issues) {
    const reason: unknown = issue.code === 'custom' ? issue.params?.reason : undefined;
    if (typeof reason === 'string' && reason in REASONS) return reason as Reason;
  }
  return 'input_invalid';
}
