// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { at, makeGroup, makeMessage } from '../testing.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { NEWEST_GROUPS_KEY } from './message-groups-keys.ts';
import type { Pages } from './pages.ts';
import { unreadOf } from './unread-state.ts';
import { readingEdits, useReadings, useRecount, useTakeRows } from './use-unread-state.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const pagesOf = (...items: MessageGroup[]): Pages<MessageGroup> => ({ pages: [{ items, nextCursor: null }] });

function setUp(list: Pages<MessageGroup>) {
  const client = new QueryClient();
  const recount = vi.spyOn(client, 'invalidateQueries');
  const { result, rerender } = renderHook(
    (pages: Pages<MessageGroup>) => {
      const readings = useReadings();
      useTakeRows(pages);
      useRecount(readings);
      return readings;
    },
    {
      initialProps: list,
      wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
    },
  );
  // The cache tells of a change in a task of its own.
  const edit = (change: (edits: ReturnType<typeof readingEdits>) => void) =>
    act(async () => {
      change(readingEdits(client));
      await vi.advanceTimersByTimeAsync(1);
    });
  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  const unread = (uuid: string) => {
    const reading = result.current[uuid];
    return reading && unreadOf(reading);
  };
  return { rerender, edit, pass, unread, recount };
}

describe('what is unread', () => {
  it('comes from the rows, each taken once, and from what happens after', async () => {
    const row = makeGroup('group', 5, { unreadCount: 2 });
    const { rerender, edit, unread, pass } = setUp(pagesOf(row));
    await pass(1);
    expect(unread('group')).toBe(2);
    await edit((edits) => edits.takeRows([makeGroup('group', 5, { unreadCount: 4 })]));
    // An older page arrives, and brings the row along that was read first.
    rerender({ pages: [...pagesOf(row).pages, ...pagesOf(makeGroup('old', 1)).pages] });
    await pass(1);
    expect([unread('group'), unread('old')]).toEqual([4, 0]);
  });

  it('is counted anew, once, where there is doubt', async () => {
    const { edit, pass, recount } = setUp(pagesOf(makeGroup('group', 5, { unreadCount: 2 })));
    await edit((edits) => edits.takeArrival(makeMessage(4), false));
    await edit((edits) => edits.takeArrival(makeMessage(3), false));
    expect(recount).not.toHaveBeenCalled();
    await pass(1_000);
    expect(recount.mock.calls).toEqual([[{ queryKey: NEWEST_GROUPS_KEY }]]);
    await pass(60_000);
    expect(recount).toHaveBeenCalledTimes(1);
  });

  it('is not counted anew where it is exact', async () => {
    const { edit, pass, unread, recount } = setUp(pagesOf(makeGroup('group', 5, { unreadCount: 2 })));
    await edit((edits) => edits.takeArrival(makeMessage(6), false));
    expect(unread('group')).toBe(3);
    await edit((edits) => edits.takeMarker('group', at(6)));
    expect(unread('group')).toBe(0);
    await pass(60_000);
    expect(recount).not.toHaveBeenCalled();
  });

  it('leaves a group alone that is not loaded, where its marker moves', async () => {
    const { edit, unread } = setUp(pagesOf());
    await edit((edits) => edits.takeMarker('other', at(6)));
    expect(unread('other')).toBeUndefined();
  });
});
