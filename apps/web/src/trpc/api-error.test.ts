import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { errorReason, isPassing } from './api-error.ts';
import { createQueryClient } from './query-client.ts';
import { errorWords } from './reason-words.ts';

const refused = (reason: string | null, retryAfter: number | null = null) =>
  new TRPCClientError('for developers', {
    result: { error: { message: 'no', code: -32000, data: { reason, retryAfter } } },
  });
const unanswered = new TRPCClientError('Failed to fetch');

describe('errorReason', () => {
  it('distinguishes the server’s reason, no answer, and unexpected errors', () => {
    expect(errorReason(refused('user_not_found'))).toBe('user_not_found');
    expect(errorReason(unanswered)).toBe('no_answer');
    expect(errorReason(refused(null))).toBe('unknown');
    expect(errorReason(new Error('a bug'))).toBe('unknown');
  });
});

describe('isPassing', () => {
  it.each(['store_unavailable', 'rate_limited'])('is true for %s', (reason) =>
    expect(isPassing(refused(reason))).toBe(true),
  );
  it('is true for no answer', () => expect(isPassing(unanswered)).toBe(true));
  it.each(['message_group_not_found', 'message_blank'])('is false for %s', (reason) =>
    expect(isPassing(refused(reason))).toBe(false),
  );
});

describe('errorWords', () => {
  it('never shows the server’s message for developers', () => {
    for (const error of [refused('store_unavailable'), unanswered, new Error('at 0x0')]) {
      expect(errorWords(error)).not.toContain(error.message);
      expect(errorWords(error)).toMatch(/\.$/);
    }
  });
});

describe('a query that fails', () => {
  it('is not retried if the server asks to wait', async () => {
    const tries: string[] = [];
    const client = createQueryClient(() => undefined);
    const ask = (name: string, error: Error) =>
      client.fetchQuery({
        queryKey: [name],
        queryFn: () => {
          tries.push(name);
          throw error;
        },
        retryDelay: 0,
        // `fetchQuery` retries only if configured to.
        retry: client.getDefaultOptions().queries?.retry,
      });
    await expect(ask('silent', unanswered)).rejects.toThrow();
    await expect(ask('limited', refused('rate_limited', 30))).rejects.toThrow();
    expect(tries).toEqual(['silent', 'silent', 'silent', 'limited']);
  });
});
