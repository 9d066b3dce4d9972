// @vitest-environment jsdom
import { QueryClient, useQueryClient } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { MemoryRouter } from 'react-router-dom';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiProvider } from '../app/api-provider.tsx';
import { receiveMessage } from '../cache/edits.ts';
import { MessageGroupsProvider, useMessageGroups } from '../message-groups/message-groups-provider.tsx';
import { MeContext } from '../session/me-context.ts';
import { at, makeGroup, makeLocalStore, makeMessage } from '../testing.ts';
import { createServerClock } from '../trpc/server-clock.ts';
import type { Message } from '../trpc/types.ts';
import { useOutbox, useOutboxItems } from './outbox-context.ts';
import { OutboxProvider } from './outbox-provider.tsx';

const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const LOREN = { handle: 'loren', displayName: 'Loren Ipsum' };
const GROUP = { messageGroupUuid: 'group' };
const CLOCK = { now: () => Date.parse(at(10)), observe: () => undefined };

afterEach(() => {
  vi.restoreAllMocks();
  cleanup();
  vi.unstubAllGlobals();
});

type Answer = Message | 'message_group_not_found' | 'no_answer';

/** A page whose list has one group. `answer` decides what the server answers to the message that is sent next. */
async function setUp() {
  let answer: (answer: Answer) => void = () => undefined;
  const ids: string[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (url.includes('messageGroups.list')) {
      return Response.json([{ result: { data: { items: [makeGroup('group', 5)], nextCursor: null } } }]);
    }
    if (!url.includes('messages.create')) return Response.json([{ result: { data: { items: [], nextCursor: null } } }]);
    const [{ clientMessageUuid }] = Object.values(JSON.parse(init.body as string)) as [{ clientMessageUuid: string }];
    ids.push(clientMessageUuid);
    const answered = await new Promise<Answer>((resolve) => {
      answer = resolve;
    });
    if (answered === 'no_answer') throw new TypeError('Failed to fetch');
    if (typeof answered === 'object') return Response.json([{ result: { data: answered } }]);
    const data = { code: 'NOT_FOUND', httpStatus: 404, reason: answered };
    return Response.json([{ error: { code: -32004, message: 'Refused', data } }], { status: 404 });
  });
  const tokens = { get: async () => 'token', expire: () => undefined };
  const { store: local } = makeLocalStore();
  const { result } = renderHook(
    () => ({
      rows: useMessageGroups().rows,
      items: useOutboxItems(),
      outbox: useOutbox(),
      client: useQueryClient(),
    }),
    {
      wrapper: ({ children }) => (
        <ApiProvider tokens={tokens} clock={createServerClock(Date.now)} onSessionOver={() => undefined}>
          <MeContext value={ME}>
            <OutboxProvider userId="andrew" clock={CLOCK} local={local}>
              <MemoryRouter>
                <MessageGroupsProvider>{children}</MessageGroupsProvider>
              </MemoryRouter>
            </OutboxProvider>
          </MeContext>
        </ApiProvider>
      ),
    },
  );
  await waitFor(() => expect(result.current.rows[0]?.message).toBe('text 5'));
  const { outbox } = result.current;
  return {
    ids,
    rows: () => result.current.rows,
    items: () => result.current.items,
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

describe('a message in the outbox', () => {
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

  it('leaves the row to what the other person wrote meanwhile, though this page’s clock is ahead', async () => {
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

  it('leads to the new group, with the messages behind it, even if showing it fails', async () => {
    const { ids, items, enqueue, answer } = await setUp();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await enqueue({ handle: 'loren' }, 'Mine', LOREN);
    await enqueue({ handle: 'loren' }, 'Next', LOREN);
    vi.spyOn(QueryClient.prototype, 'setQueryData').mockImplementation(() => {
      throw new Error('a bug in a cache edit');
    });
    await answer(sentMessage(9, { messageGroupUuid: 'new' }));
    const target = { messageGroupUuid: 'new' };
    await waitFor(() => expect(items()).toMatchObject([{ target, sent: { uuid: 'mine' } }, { target }]));
    expect(ids).toHaveLength(2);
  });
});
