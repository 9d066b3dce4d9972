import { MESSAGES_PAGE } from '@cruddur/config';
import { QueryClient } from '@tanstack/react-query';
import { beforeEach, describe, expect, it } from 'vitest';
import { receiveChange, receiveCounts, receiveMessage } from '../cache/edits.ts';
import { threadHeadKey } from '../cache/live-state.ts';
import { toInfiniteData } from '../cache/pages.ts';
import { receiveMarker } from '../cache/signal-edits.ts';
import { choose, receiveState } from '../cache/state-edits.ts';
import { at, makeGroup, makeMessage, makePage, makeState, range } from '../testing.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { SHORTENED } from './join-restored.ts';
import { GROUPS_KEY, ME_KEY, markersKey, threadPagesKey } from './query-keys.ts';
import { reviseThread, storedLists, storedThread } from './snapshot.ts';

const ME = { serverTime: at(0), uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const BAYKO = { uuid: 'bayko-uuid', handle: 'bayko', displayName: 'Andrew Bayko' };
const NOW = Date.parse(at(60));

let client: QueryClient;
beforeEach(() => {
  client = new QueryClient();
  client.setQueryData(ME_KEY, ME);
  client.setQueryData(markersKey('group'), { items: [] });
});

const showList = (...pages: MessageGroup[][]) => {
  client.setQueryData(
    GROUPS_KEY,
    toInfiniteData(pages.map((items, index) => ({ items, nextCursor: `after page ${index}` }))),
  );
  receiveCounts(client, pages.flat());
};
/** Shows a thread whose newest page was read when message `to` was the newest. */
const showThread = (from: number, to: number) => {
  const items = range(from, to).map((minutes) => makeMessage(minutes));
  client.setQueryData(threadPagesKey('group'), toInfiniteData([makePage(items, { nextCursor: 'older' })]));
  client.setQueryData(threadHeadKey('group'), at(to));
};
const rows = () => storedLists(client, NOW)?.groups.items ?? [];
const thread = () => storedThread(client, 'group', NOW)?.page;
const texts = () => thread()?.items.map(({ message }) => message);

describe('the list that is stored', () => {
  it('has the rows as they are now, with what is unread', () => {
    showList([makeGroup('group', 5), makeGroup('other', 4)]);
    receiveMessage(client, 'me', makeMessage(6));
    receiveState(client, makeState('other', { isPinned: true }));
    expect(rows()).toMatchObject([
      { uuid: 'other', isPinned: true },
      { uuid: 'group', message: 'text 6', unreadCount: 1, unreadThrough: at(6) },
    ]);
  });

  it('has no choice that the server has not confirmed', () => {
    showList([makeGroup('group', 5)]);
    choose(client, 'group', { isPinned: true });
    expect(rows()).toMatchObject([{ isPinned: false }]);
  });

  it('ends with the first page, since rows may be missing between later ones', () => {
    showList([makeGroup('a', 9, { isPinned: true }), makeGroup('b', 8)], [makeGroup('c', 7)]);
    expect(rows().map(({ uuid }) => uuid)).toEqual(['a', 'b']);
    expect(storedLists(client, NOW)?.groups.nextCursor).toBe('after page 0');
  });

  it('is bounded', () => {
    showList([makeGroup('first', 0)]);
    for (const minutes of range(1, 60)) {
      receiveMessage(client, 'me', makeMessage(minutes, { messageGroupUuid: `group-${minutes}` }), BAYKO);
    }
    expect(rows()).toHaveLength(50);
    expect(storedLists(client, NOW)?.groups.nextCursor).toBe(SHORTENED);
  });

  it('is not stored again while it is of an earlier visit, and not before the person is known', () => {
    const page = { items: [], nextCursor: null, isRestored: true };
    client.setQueryData(GROUPS_KEY, { pages: [page], pageParams: [null] });
    expect(storedLists(client, NOW)).toBeUndefined();
    showList([makeGroup('group', 5)]);
    client.removeQueries({ queryKey: ME_KEY });
    expect(storedLists(client, NOW)).toBeUndefined();
  });
});

describe('the thread that is stored', () => {
  it('has what arrived without a gap, and nothing after one', () => {
    showThread(1, 5);
    receiveMessage(client, 'me', makeMessage(6));
    receiveMessage(client, 'me', makeMessage(9));
    expect(texts()?.at(-1)).toBe('text 5');
    client.setQueryData(threadHeadKey('group'), at(6));
    expect(texts()?.at(-1)).toBe('text 6');
    void client.invalidateQueries({ queryKey: threadHeadKey('group') });
    expect(texts()?.at(-1)).toBe('text 5');
  });

  it('has messages and quotes as they are now, and nothing of what is deleted', () => {
    const replyTo = { ...makeMessage(2), isDeleted: false, excerpt: 'text 2' };
    const reply = makeMessage(3, { replyTo });
    client.setQueryData(threadPagesKey('group'), toInfiniteData([makePage([makeMessage(2), reply])]));
    receiveChange(client, 'me', makeMessage(2, { message: '', deletedAt: at(4), version: 1 }));
    expect(JSON.stringify(thread())).not.toContain('text 2');
    expect(thread()?.items).toMatchObject([{ deletedAt: at(4) }, { replyTo: { isDeleted: true } }]);
  });

  it('has nothing that the person has cleared', () => {
    showThread(1, 5);
    receiveState(client, makeState('group', { clearedThrough: at(3) }));
    expect(texts()).toEqual(['text 4', 'text 5']);
    expect(thread()).toMatchObject({ nextCursor: null, state: { clearedThrough: at(3) } });
    receiveState(client, makeState('group', { clearedThrough: at(5) }));
    expect(thread()).toMatchObject({ items: [], nextCursor: null });
  });

  it('is bounded', () => {
    showThread(1, 2 * MESSAGES_PAGE.default + 1);
    expect(thread()?.items).toHaveLength(MESSAGES_PAGE.default);
    expect(thread()?.nextCursor).toBe(SHORTENED);
  });

  it('has the newest read markers', () => {
    showThread(1, 5);
    const marker = (minutes: number) => ({ messageGroupUuid: 'group', userUuid: 'bayko-uuid', readAt: at(minutes) });
    client.setQueryData(markersKey('group'), { items: [marker(1)] });
    receiveMarker(client, 'me', marker(2));
    expect(storedThread(client, 'group', NOW)?.markers).toEqual([marker(2)]);
  });
});

describe('reviseThread', () => {
  it('removes from a stored thread what was deleted or cleared since', () => {
    showThread(1, 3);
    const stored = storedThread(client, 'group', NOW);
    if (!stored) throw new Error('not stored');
    const live = { copies: {}, states: {} };
    expect(reviseThread(stored, live)).toBe(stored);
    const copies = { group: { 'message-2': makeMessage(2, { message: '', deletedAt: at(4), version: 1 }) } };
    expect(reviseThread(stored, { ...live, copies }).page.items.map(({ message }) => message)).toEqual([
      'text 1',
      '',
      'text 3',
    ]);
    const states = { group: { state: makeState('group', { clearedThrough: at(3) }), asOf: 0 } };
    expect(reviseThread(stored, { ...live, states }).page).toMatchObject({ items: [], nextCursor: null });
  });
});
