import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { schedule } from '../ui/timers.ts';
import { createTypingStore } from './typing-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('createTypingStore', () => {
  it('ends five seconds after the last signal', () => {
    const store = createTypingStore(schedule);
    store.start('group');
    vi.advanceTimersByTime(4_000);
    store.start('group');
    vi.advanceTimersByTime(4_999);
    expect(store.isTyping('group')).toBe(true);
    expect(store.isTyping('other')).toBe(false);
    vi.advanceTimersByTime(1);
    expect(store.isTyping('group')).toBe(false);
  });

  it('ends when the message arrives', () => {
    const store = createTypingStore(schedule);
    store.start('group');
    store.stop('group');
    expect(store.isTyping('group')).toBe(false);
  });

  it('notifies only when typing begins and ends', () => {
    const store = createTypingStore(schedule);
    const listener = vi.fn();
    store.subscribe(listener);
    store.start('group');
    store.start('group');
    expect(listener).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(5_000);
    store.stop('group');
    expect(listener).toHaveBeenCalledTimes(2);
  });
});
