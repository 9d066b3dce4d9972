// @vitest-environment jsdom
import { useQueryClient } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { receiveMessage, receiveRows } from '../cache/edits.ts';
import { flattenGroups } from '../cache/lists.ts';
import { getLive } from '../cache/live-state.ts';
import { unreadCountOf } from '../cache/unread-state.ts';
import { at, makeGroup, makeMessage, makeState } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import type { MessageGroup, MessageGroupState, Reason } from '../trpc/types.ts';
import { ToastsProvider } from '../ui/toasts.tsx';
import { useToasts } from '../ui/use-toasts.ts';
import type { ReadReceiptSender } from '../unread/read-receipt-sender.ts';
import { ReadReceiptContext } from '../unread/use-mark-read.ts';
import { useGroupActions } from './use-group-actions.ts';
import { useGroupState, useOpenedGroup } from './use-group-state.ts';

const GROUP = { uuid: 'group', handle: 'bayko', displayName: 'Andrew Bayko' };

beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function Page({ receipts, children }: { receipts: ReadReceiptSender; children: ReactNode }) {
  return (
    <ToastsProvider>
      <ReadReceiptContext value={receipts}>{children}</ReadReceiptContext>
    </ToastsProvider>
  );
}

type Answer = MessageGroupState | null | Reason;

/** A page with one conversation. Calls wait for `answer`, one after the other. */
function setUp(row: Partial<MessageGroup> = {}, opened?: string) {
  const calls: { name: string; body: unknown; answer: (answer: Answer) => void }[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const name = new URL(url, 'http://page').pathname.replace('/trpc/', '');
    const body = init.body ? (JSON.parse(init.body as string) as unknown) : undefined;
    const data = await new Promise<Answer>((answer) =>
      calls.push({ name, body, answer: (how) => act(() => answer(how)) }),
    );
    const refused = { code: 'BAD_REQUEST', httpStatus: 400, reason: data };
    const isRefused = typeof data === 'string';
    const response = isRefused ? { error: { code: -32600, message: 'Refused', data: refused } } : { result: { data } };
    return Response.json(url.includes('batch') ? [response] : response, { status: isRefused ? 400 : 200 });
  });
  const receipts = { see: vi.fn(), flush: vi.fn(), flushGroup: vi.fn(), stop: vi.fn() };
  const { result } = renderHook(
    () => {
      useOpenedGroup(opened, 'bayko');
      return {
        client: useQueryClient(),
        actions: useGroupActions(GROUP),
        state: useGroupState('group'),
        toasts: useToasts().toasts,
      };
    },
    {
      wrapper: ({ children }) => (
        <TestApi>
          <Page receipts={receipts}>{children}</Page>
        </TestApi>
      ),
    },
  );
  act(() => receiveRows(result.current.client, [makeGroup('group', 5, row)], 0));
  return {
    calls,
    receipts,
    actions: () => result.current.actions,
    state: () => result.current.state,
    live: () => getLive(result.current.client),
    /** The last messages of the conversations in the list. */
    listed: () => flattenGroups({ pages: [] }, getLive(result.current.client)).map(({ message }) => message),
    receive: (minutes: number) => act(() => void receiveMessage(result.current.client, 'me', makeMessage(minutes))),
    toasts: () => result.current.toasts.map(({ words }) => words),
    called: (count: number) => waitFor(() => expect(calls).toHaveLength(count)),
  };
}

describe('useGroupActions', () => {
  it('shows a choice at once, and what the server answers', async () => {
    const { actions, state, calls, called } = setUp();
    act(() => actions().mute(at(60)));
    await waitFor(() => expect(state()?.mutedUntil).toBe(at(60)));
    await called(1);
    expect(calls[0]).toMatchObject({
      name: 'messageGroups.update',
      body: { messageGroupUuid: 'group', mutedUntil: at(60) },
    });
    calls[0]?.answer(makeState('group', { mutedUntil: at(60), isPinned: true }));
    await waitFor(() => expect(state()).toMatchObject({ mutedUntil: at(60), isPinned: true }));
  });

  it('takes back what is refused, and says why', async () => {
    const { actions, state, calls, called, toasts, live } = setUp();
    act(() => actions().pin());
    await waitFor(() => expect(state()?.isPinned).toBe(true));
    await called(1);
    calls[0]?.answer('pin_limit_reached');
    await waitFor(() => expect(state()?.isPinned).toBe(false));
    expect(toasts()).toEqual([
      'Couldn’t pin your conversation with Andrew Bayko. You can pin up to 5 conversations. Unpin one first.',
    ]);
    expect(live().choices).toEqual({});
  });

  it('sends choices in order, and none that is so already', async () => {
    const { actions, state, calls, called } = setUp();
    act(() => {
      actions().pin();
      actions().pin();
      actions().unpin();
      actions().unmute();
    });
    await waitFor(() => expect(state()?.isPinned).toBe(false));
    await called(1);
    calls[0]?.answer(makeState('group', { isPinned: true }));
    await called(2);
    expect(state()?.isPinned).toBe(false);
    calls[1]?.answer(makeState('group'));
    await waitFor(() => expect(calls.map(({ body }) => body)).toMatchObject([{ isPinned: true }, { isPinned: false }]));
  });

  it('blocks by handle, and declines a request that way, too', async () => {
    const { actions, state, calls, called, toasts } = setUp({ isRequest: true });
    act(() => actions().block());
    expect(toasts()).toEqual(['You blocked Andrew Bayko']);
    const blocked = { isBlockedByMe: true, canSend: false, isRequest: false, clearedThrough: at(5) };
    await waitFor(() => expect(state()).toMatchObject(blocked));
    await called(1);
    expect(calls[0]).toMatchObject({ name: 'users.block', body: { handle: 'bayko' } });
    calls[0]?.answer(makeState('group', blocked));
    await waitFor(() => expect(state()).toMatchObject(blocked));
    act(() => actions().unblock());
    await called(2);
    expect(calls[1]).toMatchObject({ name: 'users.unblock', body: { handle: 'bayko' } });
    // What is sent before the answer would be refused.
    expect(state()).toMatchObject(blocked);
    expect(toasts()).toEqual(['You blocked Andrew Bayko']);
    calls[1]?.answer(makeState('group'));
    await waitFor(() => expect(state()).toMatchObject({ isBlockedByMe: false, canSend: true }));
    await waitFor(() => expect(toasts()).toEqual(['You unblocked Andrew Bayko']));
  });

  it('accepts and clears', async () => {
    const { actions, state, calls, called } = setUp({ isRequest: true, isPinned: true });
    act(() => actions().accept());
    await waitFor(() => expect(state()?.isRequest).toBe(false));
    await called(1);
    calls[0]?.answer(makeState('group', { isPinned: true }));
    act(() => actions().clear());
    await waitFor(() => expect(state()).toMatchObject({ clearedThrough: at(5), isPinned: false }));
    await called(2);
    calls[1]?.answer(makeState('group', { clearedThrough: at(5) }));
    expect(calls.map(({ name }) => name)).toEqual(['messageGroups.accept', 'messageGroups.clear']);
  });

  it('clears what the page has, and shows a message that comes meanwhile', async () => {
    const { actions, listed, receive, calls, called, state, live } = setUp({ isPinned: true });
    receive(6);
    act(() => actions().clear());
    await called(1);
    expect(listed()).toEqual([]);
    expect(calls[0]).toMatchObject({
      name: 'messageGroups.clear',
      body: { messageGroupUuid: 'group', through: at(6) },
    });
    receive(7);
    expect(listed()).toEqual(['text 7']);
    calls[0]?.answer(makeState('group', { clearedThrough: at(6) }));
    await waitFor(() => expect(live().choices).toEqual({}));
    expect(state()).toMatchObject({ clearedThrough: at(6), isPinned: false });
    expect(listed()).toEqual(['text 7']);
    const { unread } = live();
    expect(unread.group && unreadCountOf(unread.group)).toBe(1);
  });

  it('shows a conversation again that is not cleared, with what came meanwhile', async () => {
    const { actions, listed, receive, calls, called, state, live, toasts } = setUp({ isPinned: true });
    act(() => actions().clear());
    await called(1);
    receive(6);
    calls[0]?.answer('message_group_not_found');
    await waitFor(() => expect(live().choices).toEqual({}));
    expect(state()).toMatchObject({ clearedThrough: null, isPinned: true });
    expect(listed()).toEqual(['text 6']);
    expect(toasts()).toEqual([expect.stringMatching(/^Couldn’t clear your conversation with Andrew Bayko\./)]);
  });

  it('marks as unread only once earlier receipts have arrived, which would end the mark', async () => {
    const { actions, calls, called, receipts, state } = setUp();
    let answered = () => {};
    receipts.flushGroup.mockReturnValue(new Promise<void>((resolve) => (answered = resolve)));
    act(() => actions().markUnread());
    await waitFor(() => expect(state()?.isMarkedUnread).toBe(true));
    expect([receipts.flushGroup.mock.calls, calls]).toEqual([[['group']], []]);
    answered();
    await called(1);
    expect(calls[0]?.body).toEqual({ messageGroupUuid: 'group', isMarkedUnread: true });
  });

  it('marks as read what is unread, and what is marked as unread', async () => {
    const { actions, calls, called, receipts, live } = setUp({ unreadCount: 2, isMarkedUnread: true });
    act(() => actions().markRead());
    expect(receipts.see).toHaveBeenCalledWith('group', at(5), false);
    const { unread } = live();
    expect(unread.group && unreadCountOf(unread.group)).toBe(0);
    await called(1);
    expect(calls[0]?.body).toEqual({ messageGroupUuid: 'group', isMarkedUnread: false });
  });
});

describe('useOpenedGroup', () => {
  it('ends the mark of a conversation that is opened, but not one that is set while it is open', async () => {
    const { actions, calls, called, state } = setUp({ isMarkedUnread: true }, 'group');
    await called(1);
    expect(calls[0]?.body).toEqual({ messageGroupUuid: 'group', isMarkedUnread: false });
    calls[0]?.answer(makeState('group'));
    await waitFor(() => expect(state()?.isMarkedUnread).toBe(false));
    act(() => actions().markUnread());
    await called(2);
    calls[1]?.answer(makeState('group', { isMarkedUnread: true }));
    await waitFor(() => expect(state()?.isMarkedUnread).toBe(true));
    expect(calls).toHaveLength(2);
  });

  it('asks whether the other person can be written to again', async () => {
    const { calls, called, state } = setUp({ canSend: false }, 'group');
    await called(1);
    expect(calls[0]?.name).toBe('messageGroups.find');
    calls[0]?.answer(makeGroup('group', 5) as unknown as Answer);
    await waitFor(() => expect(state()?.canSend).toBe(true));
  });
});
