// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { receiveChange, receiveCounts, receiveMessage, receiveRows } from '../cache/edits.ts';
import { GROUPS_HEAD_KEY, useLive } from '../cache/live-state.ts';
import type { Pages } from '../cache/pages.ts';
import { countAsRead } from '../cache/signal-edits.ts';
import { applyCount, applyMessage, unreadCountOf } from '../cache/unread-state.ts';
import { at, makeGroup, makeMessage } from '../testing.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { summarizeUnread, useCountRows, useRecount, withoutGroup } from './unread-groups.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const BAYKO = { handle: 'bayko', displayName: 'Andrew Bayko' };
const pagesOf = (...items: MessageGroup[]): Pages<MessageGroup> => ({ pages: [{ items, nextCursor: null }] });

function setUp(list: Pages<MessageGroup>) {
  const client = new QueryClient();
  const recount = vi.spyOn(client, 'invalidateQueries');
  const { result, rerender } = renderHook(
    (pages: Pages<MessageGroup>) => {
      const states = useLive(({ unread }) => unread);
      useCountRows(pages);
      useRecount(states);
      return states;
    },
    {
      initialProps: list,
      wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
    },
  );
  // The cache notifies of a change in a separate task.
  const edit = (change: () => void) =>
    act(async () => {
      change();
      await vi.advanceTimersByTimeAsync(1);
    });
  return {
    client,
    rerender,
    recount,
    edit,
    receive: (minutes: number) => edit(() => receiveMessage(client, 'me', makeMessage(minutes), BAYKO)),
    pass: (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms)),
    unread: (uuid: string) => {
      const state = result.current[uuid];
      return state && unreadCountOf(state);
    },
  };
}

describe('useCountRows', () => {
  it('applies each row once, so that an older page does not bring back older counts', async () => {
    const row = makeGroup('group', 5, { unreadCount: 2 });
    const { client, rerender, edit, unread, pass } = setUp(pagesOf(row));
    await pass(1);
    expect(unread('group')).toBe(2);
    await edit(() => receiveCounts(client, [makeGroup('group', 5, { unreadCount: 4 })]));
    rerender({ pages: [...pagesOf(row).pages, ...pagesOf(makeGroup('old', 1)).pages] });
    await pass(1);
    expect([unread('group'), unread('old')]).toEqual([4, 0]);
  });
});

describe('useRecount', () => {
  it('reads the rows again, once, if a count is uncertain', async () => {
    const { receive, pass, recount } = setUp(pagesOf(makeGroup('group', 5, { unreadCount: 2 })));
    await receive(4);
    await receive(3);
    expect(recount).not.toHaveBeenCalled();
    await pass(1_000);
    expect(recount.mock.calls).toEqual([[{ queryKey: GROUPS_HEAD_KEY }]]);
    await pass(60_000);
    expect(recount).toHaveBeenCalledTimes(1);
  });

  it('reads the rows again, less and less often, while the server does not know of a deletion', async () => {
    const row = makeGroup('group', 5, { unreadCount: 2, unreadThrough: at(5) });
    const { client, edit, pass, unread, recount } = setUp(pagesOf(row));
    await pass(1);
    const deleted = makeMessage(4, { message: '', deletedAt: at(9), version: 1 });
    await edit(() => void receiveChange(client, 'me', deleted));
    for (const [delay, times] of [
      [1_000, 1],
      [2_000, 2],
      [4_000, 3],
    ] as const) {
      await pass(delay - 10);
      expect([unread('group'), recount.mock.calls.length]).toEqual([1, times - 1]);
      await pass(20);
      expect(recount).toHaveBeenCalledTimes(times);
      await edit(() => receiveRows(client, [row], 0));
    }
    await edit(() => receiveRows(client, [{ ...row, unreadCount: 1 }], 0));
    await pass(60_000);
    expect([unread('group'), recount.mock.calls.length]).toEqual([1, 3]);
  });

  it('reads the count of groups that are not loaded again later: it may not know of a deletion yet', async () => {
    const { client, edit, pass, recount } = setUp(pagesOf(makeGroup('group', 5)));
    const deleted = makeMessage(4, { messageGroupUuid: 'old', message: '', deletedAt: at(9), version: 1 });
    await edit(() => void receiveChange(client, 'me', deleted));
    const counts = () => recount.mock.calls.filter(([filters]) => filters?.queryKey !== GROUPS_HEAD_KEY).length;
    await pass(1_000);
    expect(counts()).toBe(1);
    await pass(60_000);
    expect(counts()).toBe(2);
  });

  it('reads nothing while the count is exact', async () => {
    const { client, receive, edit, pass, unread, recount } = setUp(pagesOf(makeGroup('group', 5, { unreadCount: 2 })));
    await receive(6);
    expect(unread('group')).toBe(3);
    await edit(() => countAsRead(client, 'group', at(6)));
    expect(unread('group')).toBe(0);
    await pass(60_000);
    expect(recount).not.toHaveBeenCalled();
  });
});

const NOW = Date.parse(at(20));
const group = (uuid: string, unreadCount: number) => makeGroup(uuid, 10, { unreadCount, unreadThrough: at(10) });

describe('summarizeUnread', () => {
  it('counts messages per group, and groups, from rows and from what arrived since', () => {
    const [a, b, c] = [group('a', 2), group('b', 0), group('c', 0)];
    const states = { b: applyMessage(applyCount(undefined, b), makeMessage(11, { messageGroupUuid: 'b' }), false) };
    const { counts, total } = summarizeUnread([a, b, c], states, [], NOW);
    expect([...counts]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(total).toBe(2);
  });

  it('adds the unread groups that are not loaded', () => {
    const groups = [group('a', 2), group('b', 0)];
    expect(summarizeUnread(groups, {}, ['c', 'd'], NOW).total).toBe(3);
  });
});

describe('what counts', () => {
  it('leaves out muted groups until their mute ends, and counts those marked as unread', () => {
    const muted = { ...group('a', 2), mutedUntil: at(21) };
    const marked = { ...group('b', 0), isMarkedUnread: true };
    const both = { ...group('c', 1), isMarkedUnread: true, mutedUntil: 'always' };
    const unread = summarizeUnread([muted, marked, both], {}, [], NOW);
    expect([[...unread.counts.keys()], unread.total]).toEqual([['a', 'c'], 1]);
    expect(summarizeUnread([muted, marked, both], {}, [], Date.parse(at(21))).total).toBe(2);
  });

  it('goes on counting an open group that is marked as unread, and not one that is muted', () => {
    const marked = { ...group('a', 1), isMarkedUnread: true };
    const muted = { ...group('b', 1), mutedUntil: 'always' };
    const unread = summarizeUnread([marked, muted], {}, [], NOW);
    expect(['a', 'b'].map((uuid) => withoutGroup(unread, uuid).total)).toEqual([1, 1]);
  });
});

describe('withoutGroup', () => {
  it('leaves one group out, if there is something unread in it', () => {
    const unread = summarizeUnread([group('a', 2), group('b', 1), group('c', 0)], {}, ['d'], NOW);
    expect(withoutGroup(unread, 'a')).toEqual({ counts: new Map([['b', 1]]), counted: new Set(['b']), total: 2 });
    expect(withoutGroup(unread, 'c')).toBe(unread);
  });
});
