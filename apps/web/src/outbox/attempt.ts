import { errorReason, isPassing, isSessionOver, retryAfterMs } from '../trpc/api-error.ts';
import type { ApiError, Message } from '../trpc/types.ts';
import type { OutboxItem, SendFailure } from './outbox-item.ts';

/** After this long, an unanswered attempt has been written or never will be, in milliseconds. */
const SETTLED_MS = 30_000;
/** Limit of new ids per message: servers whose clocks differ must not cause an endless loop. */
const MAX_NEW_IDS = 5;

type RefusedIdReason = 'client_message_uuid_from_future' | 'client_message_uuid_expired';

/** The result of one attempt. All times are in milliseconds. */
export type SendOutcome =
  | { kind: 'sent'; message: Message }
  | { kind: 'failed'; failure: SendFailure; retryAfter?: number }
  /** The server has no message with this id and refuses it: by its clock the id is from the future, or too old. */
  | { kind: 'id_refused'; reason: RefusedIdReason; serverTime: number }
  /** The session ended; the message waits for the next one. */
  | { kind: 'signed_out' };

export function failedOutcome(error: unknown): SendOutcome {
  if (isSessionOver(error)) return { kind: 'signed_out' };
  const reason = errorReason(error);
  if (reason === 'client_message_uuid_from_future' || reason === 'client_message_uuid_expired') {
    return { kind: 'id_refused', reason, serverTime: serverTime(error) };
  }
  return { kind: 'failed', ...failureOf(error) };
}

/** Why a call failed, and how long the server asks to wait, in milliseconds. */
export function failureOf(error: unknown): { failure: SendFailure; retryAfter: number } {
  const reason = errorReason(error);
  const failure = { reason: reason === 'unknown' ? 'no_answer' : reason, permanent: !isPassing(error) } as const;
  return { failure, retryAfter: retryAfterMs(error) };
}

/** The `Date` header of the response, in milliseconds; the device's time if there is none. */
function serverTime(error: unknown): number {
  const { response } = (error as ApiError).meta ?? {};
  const time = Date.parse((response instanceof Response && response.headers.get('date')) || '');
  return Number.isNaN(time) ? Date.now() : time;
}

export interface IdDeps {
  /** @param at - the time in the id, in milliseconds */
  newId: (at: number) => string;
  /** The device's time, in milliseconds. */
  deviceNow: () => number;
}

type Outcome<Kind> = Extract<SendOutcome, { kind: Kind }>;

/**
 * Applies an outcome: `item` replaces the one that was sent. If `wait` is set, its conversation waits for a backoff or, if
 * that is longer, for this many milliseconds.
 */
export function settle(item: OutboxItem, outcome: Outcome<'sent' | 'failed' | 'id_refused'>, ids: IdDeps) {
  if (outcome.kind === 'sent') return { item: { ...item, failure: null, sent: outcome.message } };
  if (outcome.kind === 'id_refused') return settleRefusedId(item, outcome, ids);
  const { failure, retryAfter = 0 } = outcome;
  const isAnswered = failure.permanent || failure.reason === 'rate_limited';
  return {
    item: { ...item, failure, unansweredAt: isAnswered ? item.unansweredAt : ids.deviceNow() },
    wait: failure.permanent ? undefined : retryAfter,
  };
}

/** Assigns a new id by the refusing server's clock, which every server with a correct clock accepts. */
function settleRefusedId(
  item: OutboxItem,
  { reason, serverTime }: Outcome<'id_refused'>,
  { newId, deviceNow }: IdDeps,
) {
  if (item.unansweredAt !== undefined && deviceNow() - item.unansweredAt < SETTLED_MS) {
    // Another server may still be writing it: under a new id it would become a second message.
    return { item: { ...item, failure: { reason, permanent: false } }, wait: SETTLED_MS };
  }
  const newIds = (item.newIds ?? 0) + 1;
  const isLast = newIds === MAX_NEW_IDS;
  return {
    item: {
      ...item,
      clientMessageUuid: newId(serverTime),
      replaces: item.clientMessageUuid,
      newIds: isLast ? 0 : newIds,
      createdAt: new Date(serverTime).toISOString(),
      unansweredAt: undefined,
      failure: isLast ? { reason, permanent: true } : null,
    },
    wait: newIds > 1 && !isLast ? 0 : undefined,
  };
}
