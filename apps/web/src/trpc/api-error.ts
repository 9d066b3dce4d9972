import { TRPCClientError } from '@trpc/client';
import type { SendFailure } from '../outbox/outbox-item.ts';
import type { SendOutcome } from '../outbox/outbox-sender.ts';
import type { ApiError, Reason } from './types.ts';

/** The server's reason; `no_answer` where none came, `unknown` where something broke on its side. */
export type ErrorReason = Reason | 'no_answer' | 'unknown';

/** Why a call failed. */
export function errorReason(error: unknown): ErrorReason {
  if (!(error instanceof TRPCClientError)) return 'unknown';
  const { data } = error as ApiError;
  if (!data) return 'no_answer';
  return data.reason ?? 'unknown';
}

const SESSION_REASONS: ReadonlySet<ErrorReason> = new Set(['token_missing', 'token_invalid', 'token_expired']);

/** Whether the session is over and the person must sign in again. */
export function isSessionOver(error: unknown): boolean {
  return SESSION_REASONS.has(errorReason(error));
}

const PASSING: ReadonlySet<ErrorReason> = new Set(['no_answer', 'unknown', 'rate_limited', 'store_unavailable']);

/** Whether the same call may succeed later. */
export function isPassing(error: unknown): boolean {
  return PASSING.has(errorReason(error));
}

/** What a failed attempt to send means to the outbox. */
export function sendOutcome(error: unknown): SendOutcome {
  if (isSessionOver(error)) return { kind: 'signed_out' };
  const reason = errorReason(error);
  if (reason === 'client_message_uuid_from_future' || reason === 'client_message_uuid_expired') {
    return { kind: 'id_refused', reason, serverTime: serverTime(error) };
  }
  const failure: SendFailure = { reason: reason === 'unknown' ? 'no_answer' : reason, permanent: !isPassing(error) };
  return { kind: 'failed', failure, retryAfter: retryAfterMs(error) };
}

/** How long the server asks to wait, in milliseconds; 0 where it does not. */
export function retryAfterMs(error: unknown): number {
  if (!(error instanceof TRPCClientError)) return 0;
  return ((error as ApiError).data?.retryAfter ?? 0) * 1000;
}

/** The server's time by the `Date` header of its answer, in milliseconds; the device's time if there is none. */
function serverTime(error: unknown): number {
  const { response } = (error as ApiError).meta ?? {};
  const time = Date.parse((response instanceof Response && response.headers.get('date')) || '');
  return Number.isNaN(time) ? Date.now() : time;
}
