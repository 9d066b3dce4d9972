import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { failedOutcome } from './attempt.ts';

const refused = (reason: string | null, retryAfter: number | null = null) =>
  new TRPCClientError('for developers', {
    result: { error: { message: 'no', code: -32000, data: { reason, retryAfter } } },
  });
const unanswered = new TRPCClientError('Failed to fetch');

describe('failedOutcome', () => {
  it('keeps the message for the next session if this one is over', () => {
    expect(failedOutcome(refused('token_invalid'))).toEqual({ kind: 'signed_out' });
  });

  it('leaves a refusal to the person, and retries other failures when the server asks', () => {
    expect(failedOutcome(refused('user_not_found'))).toMatchObject({
      failure: { reason: 'user_not_found', permanent: true },
    });
    expect(failedOutcome(refused('rate_limited', 7))).toMatchObject({
      failure: { reason: 'rate_limited', permanent: false },
      retryAfter: 7000,
    });
    expect(failedOutcome(unanswered)).toMatchObject({ failure: { reason: 'no_answer', permanent: false } });
  });

  it.each(['client_message_uuid_from_future', 'client_message_uuid_expired'] as const)(
    'returns the time of the server that refuses an id with %s',
    (reason) => {
      const error = refused(reason);
      error.meta = { response: new Response('', { headers: { date: 'Fri, 20 Nov 2026 08:50:00 GMT' } }) };
      expect(failedOutcome(error)).toEqual({ kind: 'id_refused', reason, serverTime: Date.UTC(2026, 10, 20, 8, 50) });
    },
  );
});
