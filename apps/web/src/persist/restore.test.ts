import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { GROUPS_HEAD_KEY, getLive } from '../cache/live-state.ts';
import { isRestored } from '../cache/restored.ts';
import { at, makeGroup, makeMessage, makeState } from '../testing.ts';
import { GROUPS_KEY, ME_KEY, markersKey, threadPagesKey } from './query-keys.ts';
import { restore, restoreUnreachable } from './restore.ts';
import { MAX_AGE_MS, type StoredLists, type StoredThread } from './store.ts';

const NOW = Date.parse(at(60));
const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const LISTS: StoredLists = {
  savedAt: NOW,
  me: ME,
  groups: { items: [makeGroup('group', 5, { isPinned: true })], nextCursor: null },
  counts: { unread: 0, requests: 0, unreadGroupUuids: [] },
  settings: undefined,
};
const REPLY = { ...makeMessage(4), excerpt: 'text 4', isDeleted: false };
const THREAD: StoredThread = {
  savedAt: NOW,
  page: {
    items: [makeMessage(5, { replyTo: REPLY, reactions: [{ emoji: '👍', userUuids: ['me'] }] })],
    nextCursor: null,
    previousCursor: null,
    person: { uuid: 'bayko-uuid', handle: 'bayko', displayName: 'Andrew Bayko' },
    state: makeState('group', { isPinned: true }),
  },
  markers: [{ messageGroupUuid: 'group', userUuid: 'me', readAt: at(5) }],
};

function setUp(lists: unknown, value: unknown = THREAD, now = NOW) {
  const client = new QueryClient();
  restore(client, { userId: 'sub', lists, thread: { messageGroupUuid: 'group', value } }, now);
  return client;
}

describe('restore', () => {
  it('shows the person, the list and the thread of the last visit', () => {
    const client = setUp(LISTS);
    expect(client.getQueryData(ME_KEY)).toEqual(ME);
    expect(client.getQueryState(ME_KEY)?.isInvalidated).toBe(true);
    expect(isRestored(client.getQueryData(GROUPS_KEY))).toBe(true);
    expect(client.getQueryData(threadPagesKey('group'))).toMatchObject({ pages: [{ items: THREAD.page.items }] });
    expect(client.getQueryData(markersKey('group'))).toEqual({ items: THREAD.markers });
    expect(getLive(client).states.group).toMatchObject({ state: { isPinned: true }, asOf: 0 });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['another thing', 'lists'],
    ['a list that is none', { ...LISTS, groups: { items: {}, nextCursor: null } }],
    ['a row of an earlier release', { ...LISTS, groups: { items: [{ ...makeGroup('g', 1), isPinned: undefined }] } }],
    ['no person', { ...LISTS, me: null }],
    ['what is too old', { ...LISTS, savedAt: NOW - MAX_AGE_MS - 1 }],
    ['what is from the future', { ...LISTS, savedAt: NOW + MAX_AGE_MS + 1 }],
  ])('shows nothing if it finds %s', (_, lists) => {
    expect(setUp(lists).getQueryCache().getAll()).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['damaged', { ...THREAD, page: { ...THREAD.page, items: [{ ...makeMessage(5), createdAt: 5 }] } }],
    ['without its person', { ...THREAD, page: { ...THREAD.page, person: undefined } }],
    ['too old', { ...THREAD, savedAt: NOW - MAX_AGE_MS - 1 }],
  ])('shows the list without a thread that is %s', (_, thread) => {
    const client = setUp(LISTS, thread);
    expect(client.getQueryData(GROUPS_KEY)).toBeDefined();
    expect(client.getQueryData(threadPagesKey('group'))).toBeUndefined();
  });
});

describe('restoreUnreachable', () => {
  it('leaves queries alone that read no thread', async () => {
    const client = new QueryClient();
    const stop = restoreUnreachable(client, 'sub');
    const queryFn = () => Promise.reject(new Error('no answer'));
    for (const queryKey of [GROUPS_HEAD_KEY, ME_KEY]) {
      await expect(client.fetchQuery({ queryKey, queryFn, retry: 1, retryDelay: 0 })).rejects.toThrow('no answer');
    }
    stop();
  });
});
