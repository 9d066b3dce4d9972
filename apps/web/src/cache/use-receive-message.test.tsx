// @vitest-environment jsdom
import { useQueryClient } from '@tanstack/react-query';
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiProvider } from '../app/api-provider.tsx';
import { MeContext } from '../session/me-context.ts';
import { at, makeGroup, makeMessage } from '../testing.ts';
import { createServerClock } from '../trpc/server-clock.ts';
import { trpc } from '../trpc/trpc.ts';
import type { Message, MessageGroup } from '../trpc/types.ts';
import { RECENT_GROUPS_KEY } from './message-groups-keys.ts';
import { recentMessagesKey } from './messages-keys.ts';
import { unreadOf } from './unread-state.ts';
import { useReceiveMessage } from './use-receive-message.ts';
import { useReadings, useTakeRows } from './use-unread-state.ts';

const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const BAYKO = { handle: 'bayko', displayName: 'Andrew Bayko' };

afterEach(cleanup);

/** A page whose list holds these rows. */
function setUp(rows: MessageGroup[] = [makeGroup('group', 5)]) {
  const tokens = { get: async () => 'token', expire: () => undefined };
  const list = { pages: [{ items: rows, nextCursor: null }], pageParams: [null] };
  const { result, rerender } = renderHook(
    () => {
      trpc.useUtils().messageGroups.list.setInfiniteData({}, list);
      useTakeRows(list);
      return { client: useQueryClient(), receive: useReceiveMessage(), readings: useReadings() };
    },
    {
      wrapper: ({ children }) => (
        <ApiProvider tokens={tokens} clock={createServerClock(Date.now)} onSessionOver={() => undefined}>
          <MeContext value={ME}>{children}</MeContext>
        </ApiProvider>
      ),
    },
  );
  const { client, receive } = result.current;
  const unread = (uuid: string) => {
    rerender();
    const reading = result.current.readings[uuid];
    return reading && unreadOf(reading);
  };
  return {
    receive,
    unread,
    rows: () => client.getQueryData<MessageGroup[]>(RECENT_GROUPS_KEY) ?? [],
    thread: () => (client.getQueryData<Message[]>(recentMessagesKey('group')) ?? []).map(({ uuid }) => uuid),
  };
}

describe('useReceiveMessage', () => {
  it('puts a message into its thread and row, and counts it, once', () => {
    const { receive, rows, thread, unread } = setUp();
    expect(receive(makeMessage(6))).toBe(true);
    expect(receive(makeMessage(6))).toBe(false);
    expect(thread()).toEqual(['message-6']);
    expect(rows()).toMatchObject([{ uuid: 'group', message: 'text 6', messageUserUuid: 'bayko-uuid' }]);
    expect(unread('group')).toBe(1);
  });

  it('does not count one’s own', () => {
    const { receive, unread } = setUp();
    receive(makeMessage(6, { userUuid: 'me' }));
    expect(unread('group')).toBe(0);
  });

  it('makes a row at once for a group that the list does not have', () => {
    const { receive, rows, unread } = setUp([]);
    receive(makeMessage(6), BAYKO);
    expect(rows()).toMatchObject([{ uuid: 'group', ...BAYKO, message: 'text 6', createdAt: at(6) }]);
    expect(unread('group')).toBe(1);
  });

  it('lets a newer row be', () => {
    const { receive, rows, thread } = setUp();
    receive(makeMessage(8));
    receive(makeMessage(7));
    expect(rows()[0]?.message).toBe('text 8');
    expect(thread()).toEqual(['message-7', 'message-8']);
  });
});
