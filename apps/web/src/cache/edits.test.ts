import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { at, makeGroup, makeMessage, makePage } from '../testing.ts';
import { trpcKeys } from '../trpc/trpc.ts';
import type { MessageGroup } from '../trpc/types.ts';
import {
  advanceHeads,
  dropClosedThreads,
  receiveChange,
  receiveCounts,
  receiveMessage,
  receiveReread,
  receiveRows,
  replaceThread,
} from './edits.ts';
import { GROUPS_HEAD_KEY, getLive, threadHeadKey } from './live-state.ts';
import { toInfiniteData } from './pages.ts';
import { unreadCountOf } from './unread-state.ts';

const BAYKO = { handle: 'bayko', displayName: 'Andrew Bayko' };
const HEAD_KEYS = [threadHeadKey('group'), GROUPS_HEAD_KEY];

/** A cache whose list has these rows. List and thread were read when message 5 was the newest. */
function setUp(rows: MessageGroup[] = [makeGroup('group', 5)]) {
  const client = new QueryClient();
  const list = toInfiniteData([{ items: rows, nextCursor: null }]);
  client.setQueryData(trpcKeys.messageGroups.list.infiniteQueryKey({}), list);
  for (const key of HEAD_KEYS) client.setQueryData(key, at(5));
  receiveCounts(client, rows);
  return {
    client,
    receive: (...args: [ReturnType<typeof makeMessage>, typeof BAYKO?]) => receiveMessage(client, 'me', ...args),
    rows: () => getLive(client).groups,
    thread: () => (getLive(client).messages.group ?? []).map(({ uuid }) => uuid),
    unread: (uuid: string) => {
      const state = getLive(client).unread[uuid];
      return state && unreadCountOf(state);
    },
    heads: () => HEAD_KEYS.map((key) => client.getQueryData(key)),
    isInvalidated: (key: readonly unknown[]) => client.getQueryState(key)?.isInvalidated,
  };
}

describe('receiveMessage', () => {
  it('adds a message to its thread and row, and counts it, once', () => {
    const { receive, rows, thread, unread } = setUp();
    expect(receive(makeMessage(6))).toBe(true);
    expect(receive(makeMessage(6))).toBe(false);
    expect(thread()).toEqual(['message-6']);
    expect(rows()).toMatchObject([{ uuid: 'group', message: 'text 6', messageUserUuid: 'bayko-uuid' }]);
    expect(unread('group')).toBe(1);
  });

  it('knows the messages of the loaded pages', () => {
    const { client, receive } = setUp();
    const key = trpcKeys.messages.list.infiniteQueryKey({ messageGroupUuid: 'group' });
    client.setQueryData(key, toInfiniteData([makePage([makeMessage(6)])]));
    expect(receive(makeMessage(6))).toBe(false);
  });

  it('does not count the person’s own', () => {
    const { receive, unread } = setUp();
    receive(makeMessage(6, { userUuid: 'me' }));
    expect(unread('group')).toBe(0);
  });

  it('creates a row at once for a group that the list does not have', () => {
    const { receive, rows, unread } = setUp([]);
    receive(makeMessage(6), BAYKO);
    expect(rows()).toMatchObject([{ uuid: 'group', ...BAYKO, message: 'text 6', createdAt: at(6) }]);
    expect(unread('group')).toBe(1);
  });

  it('requests the row if neither the list nor the event has the person', () => {
    const { receive, rows, isInvalidated } = setUp([]);
    receive(makeMessage(6));
    expect(rows()).toEqual([]);
    expect(isInvalidated(GROUPS_HEAD_KEY)).toBe(true);
  });

  it('keeps a newer row', () => {
    const { receive, rows, thread } = setUp();
    receive(makeMessage(8));
    receive(makeMessage(7));
    expect(rows()[0]?.message).toBe('text 8');
    expect(thread()).toEqual(['message-7', 'message-8']);
  });
});

describe('receiveChange', () => {
  const tombstone = (minutes: number) => makeMessage(minutes, { message: '', deletedAt: at(9), version: 1 });
  const change = (client: QueryClient, message: ReturnType<typeof makeMessage>) => receiveChange(client, 'me', message);

  it('keeps the copy with the highest version, and adds no message', () => {
    const { client, thread, receive } = setUp();
    receive(makeMessage(6));
    expect(change(client, makeMessage(6, { message: 'two', version: 2 }))).toBe(true);
    expect(change(client, makeMessage(6, { message: 'one', version: 1 }))).toBe(false);
    expect(change(client, makeMessage(6, { message: 'two', version: 2 }))).toBe(false);
    expect(change(client, makeMessage(3, { version: 1 }))).toBe(true);
    expect(thread()).toEqual(['message-6']);
    expect(getLive(client).copies.group).toMatchObject({ 'message-6': { message: 'two' }, 'message-3': {} });
  });

  it('changes nothing if a window around the message has it already', () => {
    const { client } = setUp();
    const key = trpcKeys.messages.list.infiniteQueryKey({ messageGroupUuid: 'group', around: at(3) });
    client.setQueryData(key, toInfiniteData([makePage([tombstone(3)])]));
    const before = getLive(client);
    expect(change(client, tombstone(3))).toBe(false);
    expect(getLive(client)).toBe(before);
  });

  it('uncounts a deleted message that was unread, once', () => {
    const { client, unread, receive } = setUp([makeGroup('group', 5, { unreadCount: 2 })]);
    receive(makeMessage(6));
    expect(unread('group')).toBe(3);
    for (const minutes of [6, 6, 5, 5]) change(client, tombstone(minutes));
    expect(unread('group')).toBe(1);
    change(client, makeMessage(4, { userUuid: 'me', deletedAt: at(9), version: 1 }));
    expect(unread('group')).toBe(1);
  });

  it('does not count a message whose deletion arrived first', () => {
    const { client, unread, receive, rows } = setUp();
    change(client, tombstone(6));
    expect(receive(makeMessage(6))).toBe(false);
    expect(unread('group')).toBe(0);
    expect(rows()).toMatchObject([{ message: '', isMessageDeleted: true, createdAt: at(6) }]);
  });

  it('is no news if a message arrives that was deleted since', () => {
    const { unread, receive } = setUp();
    expect(receive(tombstone(6))).toBe(false);
    expect(unread('group')).toBe(0);
  });

  it('has the server count a group that is not loaded', () => {
    const { client } = setUp();
    change(client, makeMessage(6, { messageGroupUuid: 'other', deletedAt: at(9), version: 1 }));
    expect(getLive(client).unread.other?.needsRecount).toBe('message-6');
  });
});

describe('receiveReread', () => {
  const key = trpcKeys.messages.list.infiniteQueryKey({ messageGroupUuid: 'group' });

  it('applies what was changed, and has the server count what was deleted', () => {
    const { client, unread } = setUp([makeGroup('group', 5, { unreadCount: 1 })]);
    client.setQueryData(key, toInfiniteData([makePage([makeMessage(4), makeMessage(5)])]));
    const tombstone = makeMessage(5, { deletedAt: at(9), version: 1 });
    receiveReread(client, 'me', 'group', [makeMessage(4), tombstone]);
    expect(getLive(client).copies.group).toEqual({ 'message-5': tombstone });
    expect(unread('group')).toBe(1);
    expect(getLive(client).unread.group?.needsRecount).toBe('message-5');
  });
});

describe('replaceThread', () => {
  it('is not undone by an older page that was on its way', async () => {
    const { client } = setUp();
    const queryKey = trpcKeys.messages.list.infiniteQueryKey({ messageGroupUuid: 'group' });
    let answer = (_page: unknown) => {};
    const readOlder = () =>
      client.fetchInfiniteQuery({
        queryKey,
        initialPageParam: null,
        queryFn: () => new Promise((resolve) => (answer = resolve)),
      });
    const replace = async () => {
      await replaceThread(client, 'group', [makePage([makeMessage(9)])]);
      answer(makePage([makeMessage(1)]));
    };
    await Promise.allSettled([readOlder(), replace()]);
    expect(client.getQueryData(queryKey)).toMatchObject({ pages: [{ items: [{ uuid: 'message-9' }] }] });
  });
});

describe('dropClosedThreads', () => {
  it('removes the threads that nothing shows, with what arrived in them, and keeps the changes', () => {
    const { client, receive, thread } = setUp();
    const open = trpcKeys.messages.list.infiniteQueryKey({ messageGroupUuid: 'open' });
    const closed = trpcKeys.messages.list.infiniteQueryKey({ messageGroupUuid: 'group' });
    for (const key of [open, closed]) client.setQueryData(key, toInfiniteData([makePage([])]));
    const stop = new QueryObserver(client, { queryKey: open, queryFn: () => null, staleTime: 'static' }).subscribe(
      () => undefined,
    );
    receive(makeMessage(6, { version: 1 }));
    receive(makeMessage(6, { messageGroupUuid: 'open' }));
    dropClosedThreads(client);
    expect([client.getQueryData(closed), client.getQueryData(threadHeadKey('group'))]).toEqual([undefined, undefined]);
    expect(client.getQueryData(open)).toBeDefined();
    expect([thread(), getLive(client).messages.open?.length]).toEqual([[], 1]);
    expect(Object.keys(getLive(client).copies)).toEqual(['group']);
    stop();
  });
});

describe('receiveRows', () => {
  it('adds refreshed rows with their counts', () => {
    const { client, receive, rows, unread } = setUp();
    receive(makeMessage(6));
    receiveRows(client, [makeGroup('group', 8, { unreadCount: 3 }), makeGroup('new', 7, { unreadCount: 1 })], 0);
    expect(rows()).toMatchObject([{ uuid: 'group', message: 'text 8' }, { uuid: 'new' }]);
    expect([unread('group'), unread('new')]).toEqual([3, 1]);
  });
});

describe('advanceHeads', () => {
  it('moves them to the newest message of the stream, never back', () => {
    const { client, heads } = setUp();
    advanceHeads(client, makeMessage(7));
    advanceHeads(client, makeMessage(6));
    expect(heads()).toEqual([at(7), at(7)]);
  });

  it('leaves them while a gap must be closed', async () => {
    const { client, heads } = setUp();
    await client.invalidateQueries();
    advanceHeads(client, makeMessage(7));
    expect(heads()).toEqual([at(5), at(5)]);
    expect(client.getQueryState(GROUPS_HEAD_KEY)?.isInvalidated).toBe(true);
  });

  it('creates none for a thread that is not loaded', () => {
    const { client } = setUp();
    advanceHeads(client, makeMessage(7, { messageGroupUuid: 'other' }));
    expect(client.getQueryData(threadHeadKey('other'))).toBeUndefined();
  });
});
