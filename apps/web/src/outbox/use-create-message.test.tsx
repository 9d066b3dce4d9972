// @vitest-environment jsdom
import { QueryClient } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiProvider } from '../app/api-provider.tsx';
import { PENDING_ROWS_KEY } from '../cache/message-groups-keys.ts';
import { useReceiveMessage } from '../cache/use-receive-message.ts';
import { useMessageGroups } from '../message-groups/use-message-groups.ts';
import { MeContext } from '../session/me-context.ts';
import { at, makeGroup, makeMessage } from '../testing.ts';
import { createServerClock } from '../trpc/server-clock.ts';
import type { Message } from '../trpc/types.ts';
import { useCreateMessage } from './use-create-message.ts';

const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const NOW = Date.parse(at(10));

afterEach(() => {
  vi.restoreAllMocks();
  cleanup();
  vi.unstubAllGlobals();
});

/** A list of one group, and a message on its way to it: the server answers when it is told to. */
async function setUp() {
  let answer = (_message: Message | 'refused') => {};
  const answered = new Promise<Message | 'refused'>((resolve) => {
    answer = resolve;
  });
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.includes('messageGroups.list')) {
      return Response.json([{ result: { data: { items: [makeGroup('group', 5)], nextCursor: null } } }]);
    }
    const message = await answered;
    if (message !== 'refused') return Response.json([{ result: { data: message } }]);
    const data = { code: 'BAD_REQUEST', httpStatus: 400, reason: 'not_a_member' };
    return Response.json([{ error: { code: -32600, message: 'Refused', data } }], { status: 400 });
  });
  const tokens = { get: async () => 'token', expire: () => undefined };
  const { result } = renderHook(
    () => ({ list: useMessageGroups(), create: useCreateMessage(() => NOW), receive: useReceiveMessage() }),
    {
      wrapper: ({ children }) => (
        <ApiProvider tokens={tokens} clock={createServerClock(Date.now)} onSessionOver={() => undefined}>
          <MeContext value={ME}>{children}</MeContext>
        </ApiProvider>
      ),
    },
  );
  const row = () => result.current.list.groups[0];
  await waitFor(() => expect(row()?.message).toBe('text 5'));
  const input = { messageGroupUuid: 'group', message: 'Mine', clientMessageUuid: 'mine' };
  let sending: Promise<unknown> = Promise.resolve();
  act(() => {
    sending = result.current.create.mutateAsync(input).catch(() => undefined);
  });
  await waitFor(() => expect(row()?.message).toBe('Mine'));
  return {
    row,
    receive: (message: Message) =>
      act(() => {
        result.current.receive(message);
      }),
    settle: (how: Message | 'refused') =>
      act(async () => {
        answer(how);
        await sending;
        // As `useAcknowledged` does.
        if (how !== 'refused') result.current.receive(how);
      }),
    sent: () => sending,
  };
}

/** What the server makes of it, dated so many minutes after eight. */
const mine = (minutes: number) => makeMessage(minutes, { uuid: 'mine', userUuid: 'me', message: 'Mine' });

describe('useCreateMessage', () => {
  it('shows the message in its group’s row at once, and dates it as the server does', async () => {
    const { row, settle } = await setUp();
    await waitFor(() => expect(row()).toMatchObject({ messageUserUuid: 'me', createdAt: at(10) }));
    await settle(mine(9));
    await waitFor(() => expect(row()).toMatchObject({ message: 'Mine', messageUserUuid: 'me', createdAt: at(9) }));
  });

  it('is sent, even if showing it fails', async () => {
    const { settle, sent } = await setUp();
    vi.spyOn(QueryClient.prototype, 'setQueryData').mockImplementation((key) => {
      if (key[0] !== PENDING_ROWS_KEY[0]) throw new Error('a bug in a cache update');
    });
    await expect(settle(mine(9))).rejects.toThrow('a bug in a cache update');
    expect(await sent()).toEqual(mine(9));
  });

  it('brings back the row where the server refuses', async () => {
    const { row, settle } = await setUp();
    await settle('refused');
    await waitFor(() => expect(row()).toEqual(makeGroup('group', 5)));
  });

  it('keeps what the other one wrote meanwhile, though this page’s clock is ahead of it', async () => {
    const { row, receive, settle } = await setUp();
    receive(makeMessage(8));
    await settle(mine(7));
    await waitFor(() => expect(row()).toMatchObject({ message: 'text 8', createdAt: at(8) }));
  });

  it('keeps what the other one wrote meanwhile where the server refuses', async () => {
    const { row, receive, settle } = await setUp();
    receive(makeMessage(8));
    await settle('refused');
    await waitFor(() => expect(row()?.message).toBe('text 8'));
  });

  it('does not hide what the other one wrote after it', async () => {
    const { row, receive } = await setUp();
    receive(makeMessage(11));
    await waitFor(() => expect(row()?.message).toBe('text 11'));
  });
});
