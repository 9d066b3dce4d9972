import { QueryClient } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { at, makeGroup, makeMessage } from '../testing.ts';
import { trpcKeys } from '../trpc/trpc.ts';
import { receiveCounts, receiveMessage } from './edits.ts';
import { getLive } from './live-state.ts';
import { countAsRead, receiveMarker, receiveTyping } from './signal-edits.ts';
import { unreadCountOf } from './unread-state.ts';

const COUNTS_KEY = trpcKeys.messageGroups.counts.pathKey();

/** A cache with a group, read when message 5 was the newest. */
function setUp() {
  const client = new QueryClient();
  client.setQueryData(COUNTS_KEY, { unreadGroupUuids: [] });
  receiveCounts(client, [makeGroup('group', 5)]);
  return {
    client,
    receive: (message: ReturnType<typeof makeMessage>) => receiveMessage(client, 'me', message),
    unread: (uuid: string) => {
      const state = getLive(client).unread[uuid];
      return state && unreadCountOf(state);
    },
    isInvalidated: (key: readonly unknown[]) => client.getQueryState(key)?.isInvalidated,
  };
}

describe('receiveMarker', () => {
  const marker = (userUuid: string, messageGroupUuid = 'group') => ({ messageGroupUuid, userUuid, readAt: at(6) });

  it('counts a loaded group as read by the person’s own marker, not by the other’s', () => {
    const { client, receive, unread } = setUp();
    receive(makeMessage(6));
    receiveMarker(client, 'me', marker('bayko-uuid'));
    expect(unread('group')).toBe(1);
    receiveMarker(client, 'me', marker('me'));
    expect(unread('group')).toBe(0);
    expect(getLive(client).markers.group).toEqual([marker('bayko-uuid'), marker('me')]);
  });

  it('requests new counts if the person’s own marker is of a group that is not loaded', () => {
    const { client, unread, isInvalidated } = setUp();
    receiveMarker(client, 'me', marker('me'));
    receiveMarker(client, 'me', marker('bayko-uuid', 'other'));
    expect(isInvalidated(COUNTS_KEY)).toBe(false);
    receiveMarker(client, 'me', marker('me', 'other'));
    expect(isInvalidated(COUNTS_KEY)).toBe(true);
    expect(unread('other')).toBeUndefined();
  });
});

describe('countAsRead', () => {
  it('changes nothing in a group that is not loaded', () => {
    const { client, unread } = setUp();
    countAsRead(client, 'other', at(6));
    expect(unread('other')).toBeUndefined();
  });
});

describe('receiveTyping', () => {
  afterEach(() => void vi.useRealTimers());

  it('ends five seconds after the last signal', () => {
    vi.useFakeTimers();
    const { client } = setUp();
    receiveTyping(client, 'group');
    vi.advanceTimersByTime(4_000);
    receiveTyping(client, 'group');
    vi.advanceTimersByTime(4_999);
    expect(Object.keys(getLive(client).typing)).toEqual(['group']);
    vi.advanceTimersByTime(1);
    expect(getLive(client).typing).toEqual({});
  });

  it('ends when the other person’s message arrives', () => {
    vi.useFakeTimers();
    const { client, receive } = setUp();
    receiveTyping(client, 'group');
    receive(makeMessage(6, { userUuid: 'me' }));
    expect(Object.keys(getLive(client).typing)).toEqual(['group']);
    receive(makeMessage(7));
    expect(getLive(client).typing).toEqual({});
  });
});
