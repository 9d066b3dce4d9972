// @vitest-environment jsdom
import { QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { receiveMessage } from '../cache/edits.ts';
import { shownState } from '../cache/group-state.ts';
import { getLive } from '../cache/live-state.ts';
import { quoteOf } from '../cache/message-copies.ts';
import { receiveReadStates } from '../cache/state-edits.ts';
import { MessageGroupsProvider, useMessageGroups } from '../message-groups/message-groups-provider.tsx';
import { MeContext } from '../session/me-context.ts';
import { at, makeGroup, makeLocalStore, makeMessage, makeState } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import { useTRPC } from '../trpc/trpc.ts';
import type { CreateMessageInput, Message } from '../trpc/types.ts';
import { PageRouter } from '../ui/page-router.tsx';
import { useDrafts, useOutbox, useOutboxItems } from './outbox-context.ts';
import { OutboxProvider } from './outbox-provider.tsx';

const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const LOREN = { handle: 'loren', displayName: 'Loren Ipsum' };
const GROUP = { messageGroupUuid: 'group' };
const CLOCK = { now: () => Date.parse(at(10)), observe: () => undefined };

afterEach(() => {
  vi.restoreAllMocks();
  cleanup();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, 'locks');
});

type Answer =
  | Message
  | 'recipient_unavailable'
  | 'request_pending'
  | 'message_group_not_found'
  | 'token_invalid'
  | 'no_answer';

/** A page whose list has one group. `answer` decides what the server answers to the message that is sent next. */
async function setUp() {
  let answer: (answer: Answer) => void = () => undefined;
  const ids: string[] = [];
  const inputs: CreateMessageInput[] = [];
  let found: { uuid: string } | null = null;
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (!url.includes('messages.create')) {
      const procedures = new URL(url, 'http://page').pathname.replace('/trpc/', '').split(',');
      const items = { 'messageGroups.list': [makeGroup('group', 5)] };
      const data = procedures.map((name) =>
        name === 'messageGroups.find' ? found : { items: items[name as keyof typeof items] ?? [], nextCursor: null },
      );
      return Response.json(data.map((each) => ({ result: { data: each } })));
    }
    const input = JSON.parse(init.body as string) as CreateMessageInput;
    ids.push(input.clientMessageUuid);
    inputs.push(input);
    const answered = await new Promise<Answer>((resolve) => {
      answer = resolve;
    });
    if (answered === 'no_answer') throw new TypeError('Failed to fetch');
    if (typeof answered === 'object') return Response.json({ result: { data: answered } });
    const data = { code: 'NOT_FOUND', httpStatus: 404, reason: answered };
    return Response.json({ error: { code: -32004, message: 'Refused', data } }, { status: 404 });
  });
  const onSessionOver = vi.fn();
  const { store: local, listeners } = makeLocalStore();
  const { result, unmount } = renderHook(
    () => ({
      rows: useMessageGroups().rows,
      items: useOutboxItems(),
      outbox: useOutbox(),
      drafts: useDrafts(),
      found: useQuery(useTRPC().messageGroups.find.queryOptions({ handle: 'loren' })).data,
      client: useQueryClient(),
    }),
    {
      wrapper: ({ children }) => (
        <TestApi>
          <MeContext value={ME}>
            <OutboxProvider userId="andrew" clock={CLOCK} local={local} onSessionOver={onSessionOver}>
              <PageRouter>
                <MessageGroupsProvider>{children}</MessageGroupsProvider>
              </PageRouter>
            </OutboxProvider>
          </MeContext>
        </TestApi>
      ),
    },
  );
  await waitFor(() => expect(result.current.rows[0]?.message).toBe('text 5'));
  const { outbox } = result.current;
  return {
    ids,
    inputs,
    listeners,
    unmount,
    onSessionOver,
    outbox,
    drafts: result.current.drafts,
    found: () => result.current.found,
    find: (uuid: string) => (found = { uuid }),
    rows: () => result.current.rows,
    items: () => result.current.items,
    state: () => shownState(getLive(result.current.client), 'group'),
    client: () => result.current.client,
    receive: (message: Message) => act(() => void receiveMessage(result.current.client, 'me', message)),
    enqueue: async (...args: Parameters<typeof outbox.enqueue>) => {
      act(() => outbox.enqueue(...args));
      await waitFor(() => expect(ids).toHaveLength(1));
    },
    answer: (how: Answer) => act(async () => answer(how)),
  };
}

const sentMessage = (minutes: number, overrides: Partial<Message> = {}) =>
  makeMessage(minutes, { uuid: 'mine', userUuid: 'me', message: 'Mine', ...overrides });

describe('a refusal', () => {
  it('tells the page that nothing can be sent to the other person', async () => {
    const { state, enqueue, answer } = await setUp();
    await enqueue(GROUP, 'Mine');
    expect(state()?.canSend).toBe(true);
    await answer('recipient_unavailable');
    await waitFor(() => expect(state()).toMatchObject({ canSend: false, awaitsAcceptance: false }));
  });

  it('tells the page that the other person must accept first', async () => {
    const { state, enqueue, answer } = await setUp();
    await enqueue(GROUP, 'Mine');
    await answer('request_pending');
    await waitFor(() => expect(state()).toMatchObject({ canSend: false, awaitsAcceptance: true }));
  });
});

describe('a refusal in a conversation that is being read', () => {
  it('does not hide what is read, such as that the person blocks', async () => {
    const { client, enqueue, answer } = await setUp();
    const unlisted = { messageGroupUuid: 'unlisted' };
    const shown = () => shownState(getLive(client()), 'unlisted');
    const since = performance.now();
    await enqueue(unlisted, 'Mine');
    await answer('recipient_unavailable');
    await waitFor(() => expect(shown()?.canSend).toBe(false));
    const read = makeState('unlisted', { isBlockedByMe: true, canSend: false });
    act(() => receiveReadStates(client(), [read], since));
    expect(shown()).toMatchObject({ isBlockedByMe: true, canSend: false });
  });
});

describe('a message in the outbox', () => {
  it('is requested before the page renders it', async () => {
    const { ids, items, outbox } = await setUp();
    act(() => {
      outbox.enqueue(GROUP, 'Mine');
      expect([ids.length, items().length]).toEqual([1, 0]);
    });
    expect(items()).toHaveLength(1);
  });

  it('keeps the message that it replies to, and names it to the server', async () => {
    const { inputs, items, enqueue } = await setUp();
    const quote = quoteOf(makeMessage(5));
    await enqueue(GROUP, 'Mine', undefined, quote);
    expect(items()).toMatchObject([{ replyTo: quote }]);
    expect(inputs[0]?.replyTo).toEqual({ messageUuid: 'message-5', createdAt: at(5) });
  });

  it('ends the session if the server refuses the token, and stays', async () => {
    const { items, enqueue, answer, onSessionOver } = await setUp();
    await enqueue(GROUP, 'Mine');
    await answer('token_invalid');
    await waitFor(() => expect(onSessionOver).toHaveBeenCalledOnce());
    expect(items()).toMatchObject([{ message: 'Mine', sent: null, failure: null }]);
  });

  it('is in the row of its group at once, and is dated by the server when it is sent', async () => {
    const { rows, enqueue, answer } = await setUp();
    await enqueue(GROUP, 'Mine');
    expect(rows()).toMatchObject([{ uuid: 'group', message: 'Mine', messageUserUuid: 'me', createdAt: at(10) }]);
    await answer(sentMessage(9));
    await waitFor(() => expect(rows()[0]).toMatchObject({ message: 'Mine', createdAt: at(9) }));
  });

  it('stays in the row when it could not be sent', async () => {
    const { rows, enqueue, answer } = await setUp();
    await enqueue(GROUP, 'Mine');
    await answer('no_answer');
    await waitFor(() => expect(rows()[0]).toMatchObject({ message: 'Mine', hasFailed: true }));
  });

  it('leaves the row to the message that the other person wrote meanwhile, though this page’s clock is ahead', async () => {
    const { rows, receive, enqueue, answer } = await setUp();
    await enqueue(GROUP, 'Mine');
    receive(makeMessage(8));
    await answer(sentMessage(7));
    await waitFor(() => expect(rows()[0]).toMatchObject({ message: 'text 8', createdAt: at(8) }));
  });

  it('has a row before it is sent, if it is the first one to a person', async () => {
    const { rows, enqueue, answer } = await setUp();
    await enqueue({ handle: 'loren' }, 'Mine', LOREN);
    expect(rows().map(({ uuid }) => uuid)).toEqual(['@loren', 'group']);
    await answer(sentMessage(9, { messageGroupUuid: 'new' }));
    await waitFor(() => expect(rows().map(({ uuid }) => uuid)).toEqual(['new', 'group']));
    expect(rows()[0]).toMatchObject(LOREN);
  });

  it('is sent once it is acknowledged, even if showing it fails', async () => {
    const { ids, items, enqueue, answer } = await setUp();
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await enqueue(GROUP, 'Mine');
    vi.spyOn(QueryClient.prototype, 'setQueryData').mockImplementation(() => {
      throw new Error('a bug in a cache edit');
    });
    await answer(sentMessage(9));
    await waitFor(() => expect(items()).toMatchObject([{ failure: null, sent: { uuid: 'mine' } }]));
    expect(logged).toHaveBeenCalledTimes(1);
    expect(ids).toHaveLength(1);
  });

  it('leads to the new group, with the draft and the messages behind it, even if showing it fails', async () => {
    const { ids, items, drafts, enqueue, answer } = await setUp();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await enqueue({ handle: 'loren' }, 'Mine', LOREN);
    await enqueue({ handle: 'loren' }, 'Next', LOREN);
    act(() => drafts.set({ handle: 'loren' }, 'Draft'));
    vi.spyOn(QueryClient.prototype, 'setQueryData').mockImplementation(() => {
      throw new Error('a bug in a cache edit');
    });
    await answer(sentMessage(9, { messageGroupUuid: 'new' }));
    const target = { messageGroupUuid: 'new' };
    await waitFor(() => expect(items()).toMatchObject([{ target, sent: { uuid: 'mine' } }, { target }]));
    expect(drafts.get(target)).toBe('Draft');
    expect(ids).toHaveLength(2);
  });

  it('makes a page without the list find the new group', async () => {
    const { found, find, enqueue, answer } = await setUp();
    await waitFor(() => expect(found()).toBeNull());
    await enqueue({ handle: 'loren' }, 'Mine', LOREN);
    find('new');
    await answer(sentMessage(9, { messageGroupUuid: 'new' }));
    await waitFor(() => expect(found()).toEqual({ uuid: 'new' }));
  });
});

describe('OutboxProvider', () => {
  it('sends while no other tab of the person does', async () => {
    const request = vi.fn((_name: string, work: () => Promise<void>) => work());
    Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true });
    const { enqueue } = await setUp();
    await enqueue(GROUP, 'Mine');
    expect(request).toHaveBeenCalledWith('cruddur:outbox:andrew', expect.any(Function));
  });

  it('sends when the network is back', async () => {
    const { ids, enqueue } = await setUp();
    const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    act(() => void window.dispatchEvent(new Event('offline')));
    const sending = enqueue(GROUP, 'Mine');
    expect(ids).toEqual([]);
    onLine.mockReturnValue(true);
    act(() => void window.dispatchEvent(new Event('online')));
    await sending;
  });

  it('retries when the page gets the focus', async () => {
    const { ids, items, enqueue, answer } = await setUp();
    const { setTimeout } = globalThis;
    const isBackoff = (delay = 0) => delay >= 500 && delay <= 1_000;
    vi.stubGlobal('setTimeout', (callback: () => void, delay?: number) =>
      isBackoff(delay) ? undefined : setTimeout(callback, delay),
    );
    await enqueue(GROUP, 'Mine');
    await answer('no_answer');
    await waitFor(() => expect(items()).toMatchObject([{ failure: { reason: 'no_answer' } }]));
    act(() => void window.dispatchEvent(new Event('focus')));
    await waitFor(() => expect(ids).toHaveLength(2));
  });

  it('leaves no listener behind', async () => {
    const { listeners, unmount } = await setUp();
    expect(listeners.size).toBeGreaterThan(0);
    unmount();
    expect(listeners.size).toBe(0);
  });
});
