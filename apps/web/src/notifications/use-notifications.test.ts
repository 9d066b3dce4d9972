import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { at, makeMessage } from '../testing.ts';
import type { Message } from '../trpc/types.ts';
import { createNotifier } from './use-notifications.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const state = { isWanted: true, inView: '', quiet: '', read: '', changed: new Map<string, Partial<Message>>() };
  const shown: string[] = [];
  const notifier = createNotifier({
    isWanted: () => state.isWanted,
    isInView: (group) => group === state.inView,
    isQuiet: (group) => group === state.quiet,
    isRead: ({ uuid }) => uuid === state.read,
    newest: (message) => ({ ...message, ...state.changed.get(message.uuid) }),
    show: ({ message }) => void shown.push(message),
  });
  return { notifier, state, shown };
}

const inGroup = (messageGroupUuid: string, minutes: number) => makeMessage(minutes, { messageGroupUuid });

describe('createNotifier', () => {
  it('shows the newest of several messages per group', () => {
    const { notifier, shown } = setUp();
    for (let minutes = 0; minutes < 500; minutes++) notifier.offer(inGroup(minutes % 2 ? 'a' : 'b', minutes));
    expect(shown).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(shown).toEqual(['text 498', 'text 499']);
  });

  it('shows no message of a group in view, and none that was read meanwhile', () => {
    const { notifier, state, shown } = setUp();
    state.inView = 'a';
    notifier.offer(inGroup('a', 1));
    state.inView = '';
    notifier.offer(inGroup('b', 2));
    notifier.offer(inGroup('c', 3));
    state.inView = 'b';
    state.read = 'message-3';
    vi.advanceTimersByTime(1_000);
    expect(shown).toEqual([]);
  });

  it('shows no message of a quiet group, as it is when it would be shown', () => {
    const { notifier, state, shown } = setUp();
    notifier.offer(inGroup('a', 1));
    notifier.offer(inGroup('b', 2));
    state.quiet = 'a';
    vi.advanceTimersByTime(1_000);
    expect(shown).toEqual(['text 2']);
  });

  it('shows a message as it is now, and none that was deleted meanwhile', () => {
    const { notifier, state, shown } = setUp();
    for (const minutes of [1, 2, 3]) notifier.offer(inGroup('a', minutes));
    notifier.offer(inGroup('b', 4));
    state.changed.set('message-3', { deletedAt: at(5) });
    state.changed.set('message-2', { message: 'edited' });
    state.changed.set('message-4', { deletedAt: at(5) });
    vi.advanceTimersByTime(1_000);
    expect(shown).toEqual(['edited']);
  });

  it('shows a message once, although its event arrives again', () => {
    const { notifier, shown } = setUp();
    for (let time = 0; time < 2; time++) {
      notifier.offer(inGroup('a', 1));
      vi.advanceTimersByTime(1_000);
    }
    expect(shown).toEqual(['text 1']);
  });

  it('shows nothing that is not wanted, and nothing once it is stopped', () => {
    const { notifier, state, shown } = setUp();
    state.isWanted = false;
    notifier.offer(inGroup('a', 1));
    state.isWanted = true;
    notifier.offer(inGroup('a', 2));
    notifier.stop();
    vi.advanceTimersByTime(1_000);
    expect(shown).toEqual([]);
  });
});
