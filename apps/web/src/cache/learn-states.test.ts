import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { makeGroup, makeState } from '../testing.ts';
import { trpcKeys } from '../trpc/trpc.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { shownState } from './group-state.ts';
import { learnStates } from './learn-states.ts';
import { getLive } from './live-state.ts';
import { receiveState } from './state-edits.ts';

function setUp() {
  const client = new QueryClient();
  learnStates(client);
  const pages: unknown[] = [];
  const readPage = (queryKey: readonly unknown[]) =>
    client.fetchInfiniteQuery({
      queryKey,
      queryFn: () => pages.shift(),
      initialPageParam: null,
      getNextPageParam: () => 'older',
      pages: 1,
      staleTime: 0,
    });
  return { client, pages, readPage, isPinned: (uuid: string) => shownState(getLive(client), uuid)?.isPinned };
}

const LIST = trpcKeys.messageGroups.list.infiniteQueryKey({});
const THREAD = trpcKeys.messages.list.infiniteQueryKey({ messageGroupUuid: 'group' });
const FIND = trpcKeys.messageGroups.find.queryKey({ handle: 'bayko' });
const listOf = (...items: MessageGroup[]) => ({ items, nextCursor: 'older' });

describe('learnStates', () => {
  it('learns the states of rows, threads and found groups', async () => {
    const { client, pages, readPage, isPinned } = setUp();
    pages.push(listOf(makeGroup('listed', 1, { isPinned: true })), { items: [], state: makeState('group') });
    await readPage(LIST);
    await readPage(THREAD);
    await client.fetchQuery({ queryKey: FIND, queryFn: () => makeGroup('found', 1, { isPinned: true }) });
    expect(['listed', 'group', 'found', 'other'].map(isPinned)).toEqual([true, false, true, undefined]);
  });

  it('learns nothing from a group that does not exist, or a page of an earlier release', async () => {
    const { client, pages, readPage } = setUp();
    pages.push({ items: [] });
    await readPage(THREAD);
    await client.fetchQuery({ queryKey: FIND, queryFn: () => null });
    expect(getLive(client).states).toEqual({});
  });

  it('keeps what an event brought while the list was being read', async () => {
    const { client, readPage, pages, isPinned } = setUp();
    let answer = (_page: unknown) => {};
    pages.push(new Promise((resolve) => (answer = resolve)));
    const reading = readPage(LIST);
    receiveState(client, makeState('group', { isPinned: true }));
    answer(listOf(makeGroup('group', 1)));
    await reading;
    expect(isPinned('group')).toBe(true);
    pages.push(listOf(makeGroup('group', 1)));
    await readPage(LIST);
    expect(isPinned('group')).toBe(false);
  });
});
