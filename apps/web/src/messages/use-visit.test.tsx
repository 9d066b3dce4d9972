// @vitest-environment jsdom
import { useQueryClient } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { toInfiniteData } from '../cache/pages.ts';
import { RESTORED_AT } from '../cache/restored.ts';
import { markersKey, threadPagesKey } from '../persist/query-keys.ts';
import { makeMessage, makeState } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import { useMessagePages } from './use-messages.ts';
import { useVisit } from './use-visit.ts';

const BAYKO = { uuid: 'bayko-uuid', handle: 'bayko', displayName: 'Andrew Bayko' };

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** A thread that shows an earlier visit's page, whose newest message is 5. */
async function setUp() {
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  const hook = renderHook(
    ({ group }) => ({
      visit: useVisit(group),
      data: useMessagePages(group).data,
      client: useQueryClient(),
    }),
    {
      initialProps: { group: 'group' },
      wrapper: ({ children }) => <TestApi>{children}</TestApi>,
    },
  );
  const { client } = hook.result.current;
  const show = async (newest: number, isRestored?: true) => {
    const page = {
      items: [makeMessage(newest)],
      nextCursor: null,
      previousCursor: null,
      person: BAYKO,
      state: makeState('group'),
      ...(isRestored && { isRestored }),
    };
    client.setQueryData(threadPagesKey('group'), toInfiniteData([page]));
    await waitFor(() => expect(hook.result.current.data?.pages).toEqual([page]));
    return hook.result.current.visit.key;
  };
  const before = await show(5, true);
  return { ...hook, client, before, show, act: () => act(() => hook.result.current.visit.onIntent()) };
}

describe('useVisit', () => {
  it('opens the thread again if the server has newer messages, once', async () => {
    const { before, show } = await setUp();
    const after = await show(6);
    expect(after).not.toBe(before);
    expect(await show(7)).toBe(after);
  });

  it('stays if there are no newer ones', async () => {
    const { before, show } = await setUp();
    expect(await show(5)).toBe(before);
    expect(await show(6)).toBe(before);
  });

  it('stays if the reader has done something in the thread', async () => {
    const { before, show, act } = await setUp();
    act();
    expect(await show(6)).toBe(before);
  });

  it('waits for the read markers, which say where it opens', async () => {
    const { before, show, client, result } = await setUp();
    client.setQueryData(markersKey('group'), { items: [] }, { updatedAt: RESTORED_AT });
    await waitFor(() => expect(result.current.visit.isOld).toBe(true));
    expect(await show(6)).toBe(before);
    client.setQueryData(markersKey('group'), { items: [] });
    await waitFor(() => expect(result.current.visit.key).not.toBe(before));
  });

  it('is another one in another conversation', async () => {
    const { before, rerender, result } = await setUp();
    rerender({ group: 'other' });
    expect(result.current.visit.key).not.toBe(before);
  });
});
