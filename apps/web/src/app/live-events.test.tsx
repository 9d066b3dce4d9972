// @vitest-environment jsdom
import { useQueryClient } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GROUPS_HEAD_KEY, getLive, threadHeadKey } from '../cache/live-state.ts';
import { receiveReadStates } from '../cache/state-edits.ts';
import { OutboxContext } from '../outbox/outbox-context.ts';
import { MeContext } from '../session/me-context.ts';
import { at, makeGroup, makeMessage, makeOutboxValue, makeState } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import type { LiveEvent } from '../trpc/types.ts';
import { useEventHandlers } from './live-events.tsx';

const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const BAYKO = { uuid: 'bayko-uuid', handle: 'bayko', displayName: 'Andrew Bayko' };

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const written = (userUuid: string, minutes = 6): LiveEvent => ({
  type: 'message',
  message: makeMessage(minutes, { userUuid }),
  person: BAYKO,
  isRequest: false,
});
const marked = (userUuid: string): LiveEvent => ({ type: 'read', messageGroupUuid: 'group', userUuid, readAt: at(6) });
const typed: LiveEvent = { type: 'typing', messageGroupUuid: 'group', userUuid: 'bayko-uuid' };

/** A page whose list and open thread were read when message 5 was the newest. */
function setUp() {
  const notifications = { notify: vi.fn(), close: vi.fn() };
  const acknowledge = vi.fn();
  const acknowledgeChange = vi.fn();
  const outbox = makeOutboxValue();
  outbox.outbox.acknowledge = acknowledge;
  outbox.changes.acknowledge = acknowledgeChange;
  const { result } = renderHook(() => ({ client: useQueryClient(), onEvent: useEventHandlers(notifications) }), {
    wrapper: ({ children }) => (
      <TestApi>
        <MeContext value={ME}>
          <OutboxContext value={outbox}>{children}</OutboxContext>
        </MeContext>
      </TestApi>
    ),
  });
  const { client } = result.current;
  const headKeys = [threadHeadKey('group'), GROUPS_HEAD_KEY];
  for (const key of headKeys) client.setQueryData(key, at(5));
  receiveReadStates(client, [makeState('group')], 0);
  return {
    notifications,
    acknowledge,
    acknowledgeChange,
    receive: (event: LiveEvent, isOpen = true) =>
      act(() => void result.current.onEvent(event, isOpen, new AbortController().signal)),
    live: () => getLive(client),
    heads: () => headKeys.map((key) => client.getQueryData(key)),
    invalidated: () => headKeys.map((key) => client.getQueryState(key)?.isInvalidated),
  };
}

describe('useEventHandlers', () => {
  it('adds the other person’s message to the cache, ends their typing, and notifies of it once', () => {
    const { notifications, acknowledge, receive, live } = setUp();
    receive(typed);
    expect(Object.keys(live().typing)).toEqual(['group']);
    receive(written('bayko-uuid'));
    receive(written('bayko-uuid'));
    expect(live().typing).toEqual({});
    expect(live().messages.group).toMatchObject([{ uuid: 'message-6' }]);
    expect(live().groups).toMatchObject([{ uuid: 'group', handle: 'bayko', message: 'text 6' }]);
    expect(notifications.notify.mock.calls).toEqual([[makeMessage(6, { userUuid: 'bayko-uuid' })]]);
    expect(acknowledge).not.toHaveBeenCalled();
  });

  it('adds the person’s own message from another tab or device, acknowledges it, and neither counts nor notifies', () => {
    const { notifications, acknowledge, receive, live } = setUp();
    receive(typed);
    receive(written('me'));
    expect(live().messages.group).toHaveLength(1);
    expect(Object.keys(live().typing)).toEqual(['group']);
    expect(acknowledge.mock.calls).toEqual([[makeMessage(6, { userUuid: 'me' })]]);
    expect(notifications.notify).not.toHaveBeenCalled();
  });

  it('advances the heads with the messages of an open stream only', () => {
    const { receive, heads } = setUp();
    receive(written('bayko-uuid', 6), false);
    expect(heads()).toEqual([at(5), at(5)]);
    receive(written('bayko-uuid', 7), true);
    expect(heads()).toEqual([at(7), at(7)]);
  });

  it('stores both people’s read markers, and closes the notification when the person’s own moves', () => {
    const { notifications, receive, live } = setUp();
    receive(marked('bayko-uuid'));
    expect(notifications.close).not.toHaveBeenCalled();
    receive(marked('me'));
    expect(notifications.close).toHaveBeenCalledWith('group');
    expect(live().markers.group).toEqual([
      { messageGroupUuid: 'group', userUuid: 'bayko-uuid', readAt: at(6) },
      { messageGroupUuid: 'group', userUuid: 'me', readAt: at(6) },
    ]);
  });

  it('keeps threads that are not open only until an interruption, and knows nothing of the list’s head after a gap', () => {
    const { receive, heads, invalidated } = setUp();
    receive({ type: 'caught_up', isComplete: true });
    expect(invalidated()).toEqual([false, false]);
    receive({ type: 'caught_up', isComplete: true });
    expect(invalidated()).toEqual([undefined, true]);
    receive({ type: 'caught_up', isComplete: false });
    expect(heads()).toEqual([undefined, null]);
  });

  it('applies a change, acknowledges the person’s own, and does not ring', () => {
    const { notifications, acknowledgeChange, receive, live } = setUp();
    receive(written('bayko-uuid'));
    const edited = makeMessage(6, { message: 'edited', revision: 1, version: 1 });
    receive({ type: 'changed', message: edited });
    expect(live().copies.group).toEqual({ 'message-6': edited });
    expect(acknowledgeChange.mock.calls).toEqual([[edited]]);
    expect(notifications.notify).toHaveBeenCalledTimes(1);
    expect(notifications.close).not.toHaveBeenCalled();
  });

  it('closes the notification of a deleted message, and does not ring for one that arrives deleted', () => {
    const { notifications, receive } = setUp();
    const deleted = makeMessage(6, { message: '', deletedAt: at(7), version: 1 });
    receive({ type: 'changed', message: deleted });
    expect(notifications.close).toHaveBeenCalledWith('group', 'message-6');
    receive(written('bayko-uuid', 6));
    receive({ type: 'message', message: { ...deleted, uuid: 'another' }, person: BAYKO, isRequest: false });
    expect(notifications.notify).not.toHaveBeenCalled();
  });

  it('counts a message of a request in its own list, and does not notify of it', () => {
    const { notifications, receive, live } = setUp();
    receive({ type: 'message', message: makeMessage(6), person: BAYKO, isRequest: true });
    expect(live().states.group?.state.isRequest).toBe(true);
    expect(notifications.notify).not.toHaveBeenCalled();
  });

  it('asks for the state of a conversation that it does not know before it notifies', async () => {
    const { notifications, receive, live } = setUp();
    let answer = (_response: Response) => {};
    const fetch = vi.fn((_url: string) => new Promise((resolve) => (answer = resolve)));
    vi.stubGlobal('fetch', fetch);
    const unknown = makeMessage(6, { messageGroupUuid: 'unknown' });
    receive({ type: 'message', message: unknown, person: BAYKO, isRequest: false });
    await waitFor(() => expect(fetch).toHaveBeenCalledTimes(1));
    expect(fetch.mock.calls[0]?.[0]).toContain('messageGroups.find');
    expect(notifications.notify).not.toHaveBeenCalled();
    answer(Response.json([{ result: { data: makeGroup('unknown', 6, { mutedUntil: 'always' }) } }]));
    await waitFor(() => expect(notifications.notify).toHaveBeenCalledWith(unknown));
    expect(live().states.unknown?.state.mutedUntil).toBe('always');
  });

  it('notifies of what was missed once it has caught up, since the state may have changed', async () => {
    const { notifications, receive } = setUp();
    receive(written('bayko-uuid'), false);
    expect(notifications.notify).not.toHaveBeenCalled();
    receive({ type: 'caught_up', isComplete: true });
    await waitFor(() => expect(notifications.notify).toHaveBeenCalledTimes(1));
  });

  it('applies a state, and closes the notification of what was cleared or blocked', () => {
    const { notifications, receive, live } = setUp();
    receive(written('bayko-uuid'));
    receive({ type: 'state', ...makeState('group', { isPinned: true, clearedThrough: at(5) }) });
    expect(live().states.group?.state.isPinned).toBe(true);
    expect(notifications.close).not.toHaveBeenCalled();
    receive({ type: 'state', ...makeState('group', { clearedThrough: at(6) }) });
    receive({ type: 'state', ...makeState('other', { isBlockedByMe: true }) });
    expect(notifications.close.mock.calls).toEqual([['group'], ['other']]);
  });

  it('forgets what the person’s settings may hide now', () => {
    const { receive, live } = setUp();
    receive(typed);
    receive(marked('bayko-uuid'));
    receive(marked('me'));
    receive({ type: 'settings' });
    expect(live().typing).toEqual({});
    expect(live().markers.group).toMatchObject([{ userUuid: 'me' }]);
  });
});
