// @vitest-environment jsdom
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { receiveMessage, receiveRows } from '../cache/edits.ts';
import { shownState } from '../cache/group-state.ts';
import { GROUPS_HEAD_KEY, getLive } from '../cache/live-state.ts';
import { BY_CURSOR } from '../cache/pages.ts';
import { receiveReadStates } from '../cache/state-edits.ts';
import { useMessagePages, useMessages } from '../messages/use-messages.ts';
import { OutboxContext } from '../outbox/outbox-context.ts';
import { MeContext } from '../session/me-context.ts';
import { at, makeGroup, makeMessage, makeOutboxValue, makeState, range } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import { trpcKeys, useTRPC } from '../trpc/trpc.ts';
import type { Message, MessageGroup } from '../trpc/types.ts';
import { rereadScope, useCatchUp } from './catch-up.ts';

describe('rereadScope', () => {
  it('reads only the open thread again if the page was just loaded', () => {
    expect(rereadScope({ isFirst: true, isComplete: false }, 900)).toBe('thread');
  });

  it('reads everything that was read long before the first opening', () => {
    // The stream begins 10 s back, and a prefetched response may be half as old when it counts as read.
    expect(rereadScope({ isFirst: true, isComplete: false }, 5_000)).toBe('everything');
  });

  it('reads what is open after each interruption, and everything if there may be gaps', () => {
    expect(rereadScope({ isFirst: false, isComplete: true }, 0)).toBe('open');
    expect(rereadScope({ isFirst: false, isComplete: false }, 0)).toBe('everything');
  });
});

const PAGE = 10;
const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const VALUE = makeOutboxValue();

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

interface Input {
  messageGroupUuid: string;
  cursor?: string | null;
  around?: string;
  consistentRead?: boolean;
  filter?: string;
}

/** A page that has three pages of a thread with 40 messages, and the list. */
async function setUp() {
  const server = {
    newest: 40,
    changed: new Map<string, Partial<Message>>(),
    isDown: false,
    failures: 0,
    /** Holds back the next answer. */
    hold: undefined as Promise<void> | undefined,
    refusal: undefined as string | undefined,
    rows: [makeGroup('group', 40)],
    found: null as MessageGroup | null,
  };
  const reads: Input[] = [];
  /** The procedures that were called, lists with their filter. */
  const called: string[] = [];
  const readPage = ({ cursor, around, ...input }: Input) => {
    reads.push({ ...input, ...(cursor != null && { cursor }), ...(around && { around }) });
    const to = around ? 14 : cursor == null ? server.newest : Number(cursor);
    const from = Math.max(1, to - PAGE + 1);
    const items = range(from, to).map((minutes) => {
      const message = makeMessage(minutes, { messageGroupUuid: input.messageGroupUuid });
      return { ...message, ...server.changed.get(message.uuid) };
    });
    return { items, nextCursor: from > 1 ? String(from - 1) : null, previousCursor: null, person: ME };
  };
  vi.stubGlobal('fetch', async (url: string) => {
    const { pathname, searchParams } = new URL(url, 'http://page');
    if (server.isDown) {
      server.failures++;
      throw new TypeError('Failed to fetch');
    }
    const inputs = JSON.parse(searchParams.get('input') ?? '{}') as Record<string, Input>;
    const names = pathname.replace('/trpc/', '').split(',');
    called.push(...names.map((name, index) => [name, inputs[index]?.filter].filter(Boolean).join(' ')));
    const data = names.map((name, index) => {
      if (name === 'messages.list') return readPage(inputs[index] as Input);
      if (name === 'messageGroups.find') return server.found;
      return { items: name === 'messageGroups.list' ? server.rows : [], nextCursor: null };
    });
    const { hold } = server;
    server.hold = undefined;
    await hold;
    if (server.refusal === undefined) return Response.json(data.map((each) => ({ result: { data: each } })));
    const refused = { code: 'NOT_FOUND', httpStatus: 404, reason: server.refusal };
    return Response.json(
      names.map(() => ({ error: { code: -32004, message: 'Refused', data: refused } })),
      { status: 404 },
    );
  });
  const { result, rerender } = renderHook(
    ({ group, around }: { group: string; around: boolean }) => ({
      client: useQueryClient(),
      thread: useMessages(group),
      window: useInfiniteQuery(
        useTRPC().messages.list.infiniteQueryOptions(
          { messageGroupUuid: group, around: at(10) },
          { ...BY_CURSOR, enabled: around },
        ),
      ),
      other: useMessagePages(undefined),
      requests: useInfiniteQuery(useTRPC().messageGroups.list.infiniteQueryOptions({ filter: 'requests' }, BY_CURSOR)),
      counts: useQuery(useTRPC().messageGroups.counts.queryOptions()),
      catchUp: useCatchUp(),
    }),
    {
      initialProps: { group: 'group', around: false },
      wrapper: ({ children }) => (
        <TestApi>
          <MeContext value={ME}>
            <OutboxContext value={VALUE}>{children}</OutboxContext>
          </MeContext>
        </TestApi>
      ),
    },
  );
  await waitFor(() => expect(result.current.thread.messages).toHaveLength(PAGE));
  for (const pages of [2, 3]) {
    await act(() => result.current.thread.fetchNextPage());
    await waitFor(() => expect(result.current.thread.messages).toHaveLength(pages * PAGE));
  }
  const page = () => result.current;
  const catchUp = async () => {
    reads.length = 0;
    called.length = 0;
    await act(() => page().catchUp(true, new AbortController().signal));
  };
  // The first opening of the stream.
  await catchUp();
  return { server, reads, called, page, rerender, catchUp };
}

const edited = { message: 'edited', revision: 1, version: 1 };
const textOf = (messages: readonly Message[], uuid: string) => messages.find((each) => each.uuid === uuid)?.message;

describe('useCatchUp', () => {
  it('reads each loaded page again by its own cursor, strongly consistent, and applies what was changed', async () => {
    const { server, reads, page, catchUp } = await setUp();
    for (const uuid of ['message-12', 'message-25', 'message-39']) server.changed.set(uuid, edited);
    const before = page().thread.messages;
    await catchUp();
    expect(reads.map(({ cursor }) => cursor)).toEqual([undefined, '30', '20']);
    expect(reads.every(({ consistentRead }) => consistentRead)).toBe(true);
    const texts = () => ['message-12', 'message-25', 'message-39'].map((uuid) => textOf(page().thread.messages, uuid));
    await waitFor(() => expect(texts()).toEqual(['edited', 'edited', 'edited']));
    const { messages } = page().thread;
    expect(messages).toHaveLength(before.length);
    expect(messages[3]).toBe(before[3]);
  });

  it('reads the open thread at the first opening, too: it may have changed since it was read', async () => {
    const { reads } = await setUp();
    expect(reads).toHaveLength(3);
  });

  it('reads what has arrived since the pages were loaded, and adds what is new', async () => {
    const { server, page, catchUp } = await setUp();
    for (const minutes of range(41, 65)) act(() => void receiveMessage(page().client, 'me', makeMessage(minutes)));
    server.newest = 66;
    for (const uuid of ['message-42', 'message-60']) server.changed.set(uuid, edited);
    await catchUp();
    const texts = () => ['message-42', 'message-60', 'message-66'].map((uuid) => textOf(page().thread.messages, uuid));
    await waitFor(() => expect(texts()).toEqual(['edited', 'edited', 'text 66']));
    expect(page().thread.messages).toHaveLength(56);
  });

  it('reads the pages around a message again', async () => {
    const { server, reads, page, rerender, catchUp } = await setUp();
    rerender({ group: 'group', around: true });
    await waitFor(() => expect(page().window.data?.pages).toHaveLength(1));
    server.changed.set('message-6', edited);
    await catchUp();
    expect(reads).toContainEqual({ messageGroupUuid: 'group', around: at(10), consistentRead: true });
    expect(getLive(page().client).copies.group).toMatchObject({ 'message-6': edited });
  });

  it('replaces what is loaded if too much has arrived since to read it again', async () => {
    const { server, reads, page, catchUp } = await setUp();
    server.newest = 400;
    await catchUp();
    await waitFor(() => expect(page().thread.messages).toHaveLength(200));
    expect(page().thread.messages[0]?.uuid).toBe('message-201');
    expect(reads.filter(({ cursor }) => Number(cursor) > 200)).toHaveLength(19);
  });

  it('reads the rows of the list’s older pages again, and its newest rows once more later', async () => {
    const { server, page, catchUp } = await setUp();
    const { client } = page();
    const key = trpcKeys.messageGroups.list.infiniteQueryKey({});
    const listed = (rows: MessageGroup[], nextCursor: string | null) => ({ items: rows, nextCursor });
    client.setQueryData(key, {
      pages: [listed([makeGroup('group', 40)], 'older'), listed([makeGroup('old', 1)], null)],
      pageParams: [null, 'older'],
    });
    client.setQueryData(GROUPS_HEAD_KEY, at(40));
    server.rows = [makeGroup('old', 1, { message: 'edited', messageVersion: 1 })];
    await catchUp();
    expect(getLive(client).groups).toMatchObject([{ uuid: 'old', message: 'edited' }]);
    client.setQueryData(GROUPS_HEAD_KEY, at(40));
    await act(() => vi.advanceTimersByTimeAsync(2_000));
    expect(client.getQueryState(GROUPS_HEAD_KEY)?.isInvalidated).toBe(true);
  });

  it('reads the chosen filter’s list and the counts again, too', async () => {
    const { called, catchUp } = await setUp();
    await catchUp();
    expect(called).toEqual(expect.arrayContaining(['messageGroups.list requests', 'messageGroups.counts']));
  });

  it('asks what became of a conversation that the lists no longer have', async () => {
    const { server, page, catchUp } = await setUp();
    const { client } = page();
    receiveRows(client, [makeGroup('gone', 3)], 0);
    server.found = makeGroup('gone', 3, { message: '', clearedThrough: at(3) });
    await catchUp();
    expect(shownState(getLive(client), 'gone')).toMatchObject({ clearedThrough: at(3) });
  });

  it('forgets the states of conversations that it does not show', async () => {
    const { page, catchUp } = await setUp();
    const { client } = page();
    receiveReadStates(client, [makeState('unlisted'), makeState('group')], 0);
    await catchUp();
    expect(Object.keys(getLive(client).states)).toEqual(['group']);
  });

  it('is not done before a failed read has succeeded', async () => {
    const { server, page } = await setUp();
    server.changed.set('message-12', edited);
    server.isDown = true;
    const done = vi.fn();
    void page().catchUp(true, new AbortController().signal).then(done);
    await waitFor(() => expect(server.failures).toBeGreaterThan(1));
    expect(done).not.toHaveBeenCalled();
    server.isDown = false;
    await waitFor(() => expect(done).toHaveBeenCalled());
    await waitFor(() => expect(textOf(page().thread.messages, 'message-12')).toBe('edited'));
  });

  it('reads an older page again that was on its way', async () => {
    const { server, page, catchUp } = await setUp();
    let answer = () => {};
    server.hold = new Promise((resolve) => (answer = resolve));
    act(() => void page().thread.fetchNextPage());
    await waitFor(() => expect(server.hold).toBeUndefined());
    server.changed.set('message-5', edited);
    const caughtUp = catchUp();
    answer();
    await caughtUp;
    await waitFor(() => expect(textOf(page().thread.messages, 'message-5')).toBe('edited'));
  });

  it('is done when the server refuses the thread, which then shows why', async () => {
    const { server, page, catchUp } = await setUp();
    server.refusal = 'message_group_not_found';
    await catchUp();
    await waitFor(() => expect(page().thread.error?.data?.reason).toBe('message_group_not_found'));
  });

  it('stops trying when the stream is lost', async () => {
    const { server, page } = await setUp();
    const stream = new AbortController();
    server.isDown = true;
    const done = vi.fn();
    void page().catchUp(true, stream.signal).then(done);
    await waitFor(() => expect(server.failures).toBeGreaterThan(0));
    stream.abort();
    await waitFor(() => expect(done).toHaveBeenCalled());
  });

  it('reads a thread that was closed during the interruption again when it is opened', async () => {
    const { server, page, rerender, catchUp } = await setUp();
    rerender({ group: 'other', around: false });
    await waitFor(() => expect(page().thread.data?.pages).toHaveLength(1));
    server.changed.set('message-39', edited);
    await catchUp();
    rerender({ group: 'group', around: false });
    await waitFor(() => expect(textOf(page().thread.messages, 'message-39')).toBe('edited'));
  });
});
