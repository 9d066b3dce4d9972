// @vitest-environment jsdom
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { TestApi } from '../testing-api.tsx';
import type { Settings } from '../trpc/types.ts';
import { useUpdateSettings } from './use-settings.ts';

const STORED: Settings = { whoMayMessage: 'everyone', sendsReadReceipts: true, sendsTyping: true, isSuspended: false };

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('says that a change was not saved, also if the next one is', async () => {
  const answers: ((isSaved: boolean) => void)[] = [];
  vi.stubGlobal('fetch', async () => {
    const isSaved = await new Promise<boolean>((resolve) => answers.push(resolve));
    const data = { code: 'TOO_MANY_REQUESTS', httpStatus: 429, reason: 'rate_limited' };
    const answer = isSaved ? { result: { data: STORED } } : { error: { code: -32029, message: 'Refused', data } };
    return Response.json([answer], { status: isSaved ? 200 : 429 });
  });
  const { result } = renderHook(() => useUpdateSettings(STORED), {
    wrapper: ({ children }) => <TestApi>{children}</TestApi>,
  });
  act(() => {
    result.current.update({ sendsTyping: false });
    result.current.update({ sendsReadReceipts: false });
  });
  expect(result.current.shown).toMatchObject({ sendsTyping: false, sendsReadReceipts: false });
  for (const [index, isSaved] of [false, true].entries()) {
    await waitFor(() => expect(answers).toHaveLength(index + 1));
    act(() => answers[index]?.(isSaved));
  }
  await waitFor(() => expect(result.current.shown).toEqual(STORED));
  expect(result.current.error).toMatchObject({ data: { reason: 'rate_limited' } });
});
