// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { at, makeMessage, range } from '../testing.ts';
import { unreadSpan, useUnreadSpan } from './use-unread-span.ts';

const messages = range(1, 6).map((minute) => makeMessage(minute, minute === 5 ? { userUuid: 'me' } : {}));

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe('unreadSpan', () => {
  const through = at(6);
  const afterOf = (readAt: string | null | undefined, unreadCount?: number) => {
    const span = unreadSpan(messages, { readAt, unreadCount }, 'me');
    expect(span.through).toBe(through);
    return span.after;
  };

  it('begins after the read marker', () => {
    expect(afterOf(at(3), 9)).toBe(at(3));
  });

  it('begins, without a marker, where the count does, which leaves out own messages', () => {
    expect([1, 2, 4].map((count) => afterOf(null, count))).toEqual([at(5), at(3), at(1)]);
    expect([5, 100].map((count) => afterOf(null, count))).toEqual([null, null]);
  });

  it('is empty if nothing is known: threads of the origin have no marker', () => {
    expect([afterOf(null), afterOf(null, 0), afterOf(undefined, 3)]).toEqual([through, through, through]);
  });
});

describe('useUnreadSpan', () => {
  const setUp = () => {
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
    const state = { messages, readAt: at(3), isLoaded: false };
    const { result, rerender } = renderHook(() =>
      useUnreadSpan({
        ...state,
        myUuid: 'me',
        readState: () => ({ readAt: state.readAt, unreadCount: undefined }),
      }),
    );
    const show = (isVisible: boolean) =>
      act(() => {
        visibility.mockReturnValue(isVisible ? 'visible' : 'hidden');
        document.dispatchEvent(new Event('visibilitychange'));
      });
    const put = (change: Partial<typeof state>) => {
      Object.assign(state, change);
      rerender();
    };
    return { result, put, show };
  };

  it('is what was unread when the thread had loaded, whatever is read or arrives since', () => {
    const { result, put } = setUp();
    expect(result.current).toBeUndefined();
    put({ isLoaded: true });
    expect(result.current).toEqual({ after: at(3), through: at(6) });
    put({ readAt: at(7), messages: [...messages, makeMessage(7)] });
    expect(result.current).toEqual({ after: at(3), through: at(6) });
  });

  it('becomes what has arrived while the page was hidden, if anything has', () => {
    const { result, put, show } = setUp();
    put({ isLoaded: true, readAt: at(6) });
    show(false);
    show(true);
    expect(result.current).toEqual({ after: at(6), through: at(6) });
    show(false);
    put({ messages: [...messages, makeMessage(7)] });
    show(true);
    expect(result.current).toEqual({ after: at(6), through: at(7) });
  });
});
