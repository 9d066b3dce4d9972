import { HandleTakenError, isDatabaseUnavailable } from '@cruddur/db';
import { isDynamoDbUnavailable, MessageStoreError } from '@cruddur/ddb';
import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';

/** Every stable reason of a refusal, with its tRPC code and a sentence for a developer's eyes. */
const REASONS = {
  token_missing: ['UNAUTHORIZED', 'The request carries no access token.'],
  token_invalid: ['UNAUTHORIZED', 'The access token is not one of ours.'],
  token_expired: ['UNAUTHORIZED', 'The access token has expired.'],
  message_group_not_found: ['NOT_FOUND', 'There is no such message group.'],
  user_not_found: ['NOT_FOUND', 'There is nobody of that handle.'],
  message_blank: ['BAD_REQUEST', 'The message has nothing to be seen.'],
  message_exceed_max_chars: ['BAD_REQUEST', 'The message has more than 1024 characters.'],
  message_group_uuid_blank: ['BAD_REQUEST', 'The message names neither a group nor a recipient.'],
  user_receiver_handle_blank: ['BAD_REQUEST', "The recipient's handle is blank."],
  recipient_is_self: ['BAD_REQUEST', 'The recipient is the sender.'],
  cursor_invalid: ['BAD_REQUEST', 'The cursor is not one that this list gave to this caller.'],
  input_invalid: ['BAD_REQUEST', 'The input does not fit the procedure.'],
  handle_invalid: ['BAD_REQUEST', 'The account has no handle that can be used.'],
  handle_taken: ['CONFLICT', "The account's handle belongs to somebody else."],
  client_message_uuid_reused: ['CONFLICT', 'The id belongs to another message.'],
  client_message_uuid_expired: ['BAD_REQUEST', 'The id is too old to be looked for everywhere. Nothing was written.'],
  client_message_uuid_from_future: ['BAD_REQUEST', 'By our clock, the id is from the future. Nothing was written.'],
  rate_limited: ['TOO_MANY_REQUESTS', 'Too many requests; try again later.'],
  store_unavailable: ['SERVICE_UNAVAILABLE', 'A store does not answer; nothing was half done. Try again.'],
} as const satisfies Record<string, readonly [TRPCError['code'], string]>;

/** Why a request was refused: stable, for programs to read as `data.reason`. */
export type Reason = keyof typeof REASONS;

/** An expected refusal. */
export class Refusal extends TRPCError {
  readonly reason: Reason;
  /** Seconds after which another try may succeed, where it is known. */
  readonly retryAfter: number | undefined;

  constructor(reason: Reason, options: { cause?: unknown; retryAfter?: number } = {}) {
    const [code, message] = REASONS[reason];
    super({ code, message, cause: options.cause });
    this.reason = reason;
    this.retryAfter = options.retryAfter;
  }
}

/** What logs, spans and metrics call an error: a refusal's reason, or else tRPC's code. */
export function reasonOf(error: TRPCError): string {
  return error instanceof Refusal ? error.reason : error.code;
}

/** Messages for developers when there is no reason: the kind of mistake, never what was sent. */
const SENTENCES: Partial<Record<TRPCError['code'], string>> = {
  BAD_REQUEST: 'The request cannot be read.',
  PARSE_ERROR: 'The request cannot be read.',
  NOT_FOUND: 'There is nothing at this address.',
  METHOD_NOT_SUPPORTED: 'The procedure is not called by this method.',
  TIMEOUT: 'The request took too long.',
  PAYLOAD_TOO_LARGE: 'The request is too large.',
  UNSUPPORTED_MEDIA_TYPE: 'The request is not JSON.',
};

/** The sentence of a refusal that has no reason of its own. */
export function sentenceOf(code: TRPCError['code']): string {
  return SENTENCES[code] ?? 'Something went wrong on our side.';
}

/** Turns what a procedure threw into the refusal that it means; what is none of ours comes back as it is. */
export function toRefusal(error: TRPCError): TRPCError {
  const cause = error.cause;
  if (error instanceof Refusal) return error;
  if (cause instanceof ZodError) return new Refusal(reasonOfInput(cause), { cause });
  if (cause instanceof MessageStoreError) return new Refusal(cause.reason, { cause });
  if (cause instanceof HandleTakenError) return new Refusal('handle_taken', { cause });
  if (isDynamoDbUnavailable(cause) || isDatabaseUnavailable(cause)) return new Refusal('store_unavailable', { cause });
  return error;
}

/** A schema names its reason in an issue's `params`; any other misfit is `input_invalid`. */
function reasonOfInput(error: ZodError): Reason {
  for (const issue of error.issues) {
    const reason: unknown = issue.code === 'custom' ? issue.params?.reason : undefined;
    if (typeof reason === 'string' && reason in REASONS) return reason as Reason;
  }
  return 'input_invalid';
}
