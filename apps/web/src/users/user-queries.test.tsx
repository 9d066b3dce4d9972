// @vitest-environment jsdom
import { cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { TestApi } from '../testing-api.tsx';
import { errorReason } from '../trpc/api-error.ts';
import { useMe } from './user-queries.ts';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('does not retry for an account that is refused', async () => {
  const refusal = { error: { message: 'no', code: -32009, data: { reason: 'handle_taken' } } };
  const fetch = vi.fn(async () => Response.json([refusal]));
  vi.stubGlobal('fetch', fetch);
  const { result } = renderHook(useMe, {
    wrapper: ({ children }) => <TestApi>{children}</TestApi>,
  });
  await waitFor(() => expect(errorReason(result.current.error)).toBe('handle_taken'));
  expect(fetch).toHaveBeenCalledTimes(1);
});
