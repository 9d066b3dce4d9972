import { TRPCClientError } from '@trpc/client';
import type { ApiError, Reason } from './types.ts';

/** The server's reason; `no_answer` if it did not answer, `unknown` for an unexpected error. */
export type ErrorReason = Reason | 'no_answer' | 'unknown';

export function errorReason(error: unknown): ErrorReason {
  if (!(error instanceof TRPCClientError)) return 'unknown';
  const { data } = error as ApiError;
  if (!data) return 'no_answer';
  return data.reason ?? 'unknown';
}

const SESSION_REASONS: ReadonlySet<ErrorReason> = new Set(['token_missing', 'token_invalid', 'token_expired']);

/** Whether the session is over and the person must sign in again. */
export const isSessionOver = (error: unknown): boolean => SESSION_REASONS.has(errorReason(error));

const PASSING: ReadonlySet<ErrorReason> = new Set(['no_answer', 'unknown', 'rate_limited', 'store_unavailable']);

/** Whether the same call may succeed later. */
export const isPassing = (error: unknown): boolean => PASSING.has(errorReason(error));

/** How long the server asks to wait, in milliseconds; 0 where it does not. */
export function retryAfterMs(error: unknown): number {
  if (!(error instanceof TRPCClientError)) return 0;
  return ((error as ApiError).data?.retryAfter ?? 0) * 1000;
}
