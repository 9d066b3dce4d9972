import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { at, makeGroup, makeMessage, makePage, makeState } from '../testing.ts';
import { trpcKeys } from '../trpc/trpc.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { receiveMessage, receiveRows } from './edits.ts';
import { shownState } from './group-state.ts';
import { flattenGroups } from './lists.ts';
import { getLive } from './live-state.ts';
import { type Pages, toInfiniteData } from './pages.ts';
import { receiveMarker } from './signal-edits.ts';
import { choose, receiveReadStates, receiveState, settleChoice } from './state-edits.ts';
import { unreadCountOf } from './unread-state.ts';

const BAYKO = { handle: 'bayko', displayName: 'Andrew Bayko' };
const COUNTS_KEY = trpcKeys.messageGroups.counts.queryKey();
const listKey = (filter?: 'requests') => trpcKeys.messageGroups.list.infiniteQueryKey(filter ? { filter } : {});
const threadKey = (input = {}) => trpcKeys.messages.list.infiniteQueryKey({ messageGroupUuid: 'group', ...input });

/** A page with two conversations and a request, and the thread of the first one. */
function setUp() {
  const client = new QueryClient();
  const group = makeGroup('group', 5, { unreadCount: 1 });
  const request = makeGroup('request', 7, { isRequest: true });
  client.setQueryData(listKey(), toInfiniteData([{ items: [group, makeGroup('other', 4)], nextCursor: null }]));
  client.setQueryData(listKey('requests'), toInfiniteData([{ items: [request], nextCursor: null }]));
  const thread = [[makeMessage(4), makeMessage(5)], [makeMessage(1)]].map((items) =>
    makePage(items, { nextCursor: 'older' }),
  );
  client.setQueryData(threadKey(), toInfiniteData(thread));
  client.setQueryData(COUNTS_KEY, { unread: 1, requests: 3, unreadGroupUuids: [] });
  receiveRows(client, [group, request], 0);
  const rows = (filter?: 'requests') =>
    flattenGroups(client.getQueryData<Pages<MessageGroup>>(listKey(filter)), getLive(client))
      .filter((row) => row.isRequest === (filter === 'requests'))
      .map(({ uuid }) => uuid);
  return {
    client,
    rows,
    state: (uuid = 'group') => shownState(getLive(client), uuid),
    thread: () => client.getQueryData<Pages<{ uuid: string }>>(threadKey())?.pages,
    requests: () => client.getQueryData<{ requests: number }>(COUNTS_KEY)?.requests,
    isInvalidated: (key: readonly unknown[]) => client.getQueryState(key)?.isInvalidated,
  };
}

describe('receiveState', () => {
  it('is newer than what was read before it, and older than what was read since', () => {
    const { client, state } = setUp();
    const before = performance.now();
    receiveState(client, makeState('group', { isPinned: true }));
    receiveReadStates(client, [makeState('group')], before);
    expect(state()?.isPinned).toBe(true);
    receiveReadStates(client, [makeState('group')], performance.now() + 1);
    expect(state()?.isPinned).toBe(false);
  });

  it('moves a request that was accepted elsewhere to the list, and counts it no longer', () => {
    const { client, rows, requests, isInvalidated } = setUp();
    receiveState(client, makeState('request'));
    receiveState(client, makeState('request'));
    expect([rows(), rows('requests'), requests()]).toEqual([['request', 'group', 'other'], [], 2]);
    expect([isInvalidated(COUNTS_KEY), isInvalidated(listKey())]).toEqual([true, false]);
  });

  it('removes a declined request from both lists, and brings it back with a new message', () => {
    const { client, rows, requests } = setUp();
    receiveState(client, makeState('request', { clearedThrough: at(7) }));
    expect([rows(), rows('requests')]).toEqual([['group', 'other'], []]);
    receiveMessage(client, 'me', makeMessage(8, { messageGroupUuid: 'request' }), BAYKO, true);
    expect([rows(), rows('requests'), requests()]).toEqual([['group', 'other'], ['request'], 3]);
  });

  it('removes a cleared conversation with its messages and what is unread, until the next message', () => {
    const { client, rows, thread } = setUp();
    receiveMessage(client, 'me', makeMessage(6));
    receiveState(client, makeState('group', { clearedThrough: at(6) }));
    expect(rows()).toEqual(['other']);
    expect(thread()).toMatchObject([
      { items: [], nextCursor: null },
      { items: [], nextCursor: null },
    ]);
    const { messages, unread } = getLive(client);
    expect([messages.group, unread.group && unreadCountOf(unread.group)]).toEqual([[], 0]);
    receiveMessage(client, 'me', makeMessage(9));
    expect(rows()).toEqual(['group', 'other']);
  });

  it('keeps a message out that overtook the clearing', () => {
    const { client, rows } = setUp();
    receiveState(client, makeState('group', { clearedThrough: at(6) }));
    expect(receiveMessage(client, 'me', makeMessage(6))).toBe(false);
    expect([rows(), getLive(client).messages.group]).toEqual([['other'], undefined]);
  });

  it('has the lists read again if a group is not loaded that may belong there', () => {
    const { client, isInvalidated } = setUp();
    receiveState(client, makeState('unknown', { isPinned: true }));
    expect([isInvalidated(listKey()), isInvalidated(COUNTS_KEY)]).toEqual([true, true]);
  });
});

describe('a message of a request', () => {
  it('is in the list of requests only, and the person’s own answer moves the conversation', () => {
    const { client, rows, requests } = setUp();
    receiveMessage(client, 'me', makeMessage(8, { messageGroupUuid: 'new' }), BAYKO, true);
    expect([rows(), rows('requests')]).toEqual([
      ['group', 'other'],
      ['new', 'request'],
    ]);
    receiveMessage(client, 'me', makeMessage(9, { messageGroupUuid: 'new', userUuid: 'me' }));
    expect([rows(), rows('requests'), requests()]).toEqual([['new', 'group', 'other'], ['request'], 2]);
  });
});

describe('a part of a state that is not known', () => {
  it('is replaced by what is read, also if the reading began before', () => {
    const { client, state } = setUp();
    const before = performance.now();
    receiveMessage(client, 'me', makeMessage(8, { messageGroupUuid: 'new' }), BAYKO, true);
    expect(state('new')).toMatchObject({ isRequest: true, isBlockedByMe: false });
    receiveReadStates(client, [makeState('new', { isRequest: true, clearedThrough: at(7) })], before);
    expect(state('new')).toMatchObject({ isRequest: true, clearedThrough: at(7) });
  });

  it('is newer than what is read, if the state was known', () => {
    const { client, state } = setUp();
    const before = performance.now();
    receiveMessage(client, 'me', makeMessage(8, { messageGroupUuid: 'request' }), BAYKO);
    receiveReadStates(client, [makeState('request', { isRequest: true })], before - 1);
    expect(state('request')?.isRequest).toBe(false);
  });

  it('says that the other person can be written to again, once they write', () => {
    const { client, state } = setUp();
    const blocked = { canSend: false, awaitsAcceptance: true };
    receiveState(client, makeState('group', blocked));
    receiveMessage(client, 'me', makeMessage(5));
    receiveMessage(client, 'me', makeMessage(6, { userUuid: 'me' }));
    expect(state()).toMatchObject(blocked);
    receiveMessage(client, 'me', makeMessage(7));
    expect(state()).toMatchObject({ canSend: true, awaitsAcceptance: false });
  });
});

describe('a marker of the person', () => {
  const read = (minutes: number, userUuid = 'me') => ({ messageGroupUuid: 'group', userUuid, readAt: at(minutes) });

  it('ends that the conversation is marked as unread, as it does on the server', () => {
    const { client, state } = setUp();
    receiveMarker(client, 'me', read(5));
    receiveState(client, makeState('group', { isMarkedUnread: true, isPinned: true }));
    // Its answer comes after its event.
    receiveMarker(client, 'me', read(5));
    receiveMarker(client, 'me', read(6, 'bayko-uuid'));
    expect(state()?.isMarkedUnread).toBe(true);
    receiveMarker(client, 'me', read(6));
    expect(state()).toMatchObject({ isMarkedUnread: false, isPinned: true });
  });
});

describe('choose', () => {
  it('shows the choice in all lists until it is answered, and once only', () => {
    const { client, state, rows } = setUp();
    const id = choose(client, 'other', { isPinned: true });
    expect(id).toBeDefined();
    expect(rows()).toEqual(['other', 'group']);
    const accepted = choose(client, 'request', { isRequest: false });
    expect([rows(), rows('requests')]).toEqual([['other', 'request', 'group'], []]);
    expect(choose(client, 'request', { isRequest: false })).toBeUndefined();
    settleChoice(client, 'request', accepted as symbol, makeState('request', { isPinned: true }));
    expect(state('request')).toMatchObject({ isRequest: false, isPinned: true });
    expect(getLive(client).choices).toMatchObject({ other: [{ id }] });
  });

  it('is taken back without an answer, and later choices stay', () => {
    const { client, state } = setUp();
    const first = choose(client, 'group', { isPinned: true, isMarkedUnread: true });
    choose(client, 'group', { isPinned: false });
    settleChoice(client, 'group', first as symbol, null);
    expect(state()).toMatchObject({ isPinned: false, isMarkedUnread: false });
    expect(getLive(client).choices.group).toHaveLength(1);
  });

  it('is not undone by an answer that is older than an event from another device', () => {
    const { client, state } = setUp();
    const id = choose(client, 'group', { isPinned: true }) as symbol;
    const answer = makeState('group', { isPinned: true });
    receiveState(client, answer);
    receiveState(client, makeState('group', { isPinned: true, mutedUntil: 'always' }));
    settleChoice(client, 'group', id, answer);
    expect(state()).toMatchObject({ isPinned: true, mutedUntil: 'always' });
    expect(getLive(client).choices).toEqual({});
  });

  it('is answered later than an event of an earlier change', () => {
    const { client, state } = setUp();
    const id = choose(client, 'group', { isPinned: true }) as symbol;
    receiveState(client, makeState('group', { mutedUntil: 'always' }));
    settleChoice(client, 'group', id, makeState('group', { isPinned: true, mutedUntil: 'always' }));
    expect(state()).toMatchObject({ isPinned: true, mutedUntil: 'always' });
  });
});
