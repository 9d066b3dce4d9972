// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { receiveCounts } from '../cache/edits.ts';
import { useLive } from '../cache/live-state.ts';
import { putMarker } from '../cache/signal-edits.ts';
import { MeContext } from '../session/me-context.ts';
import { SessionProvider, type SessionStore } from '../session/session-store.ts';
import { at, makeGroup, makeMessage } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import type { Message } from '../trpc/types.ts';
import { ReadReceiptContext, readTimes, useMarkRead, useReadReceiptSender } from './use-mark-read.ts';

const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

interface Shown {
  messages: Message[];
  readAt: string | null | undefined;
}

/** Replaces the browser's observer: reports rows as in view or not. */
function stubObserver() {
  let report: (entries: { target: Element; isIntersecting: boolean }[]) => void = () => undefined;
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(callback: typeof report) {
        report = callback;
      }
      observe() {}
      unobserve() {}
    },
  );
  return (target: Element, isIntersecting: boolean) => report([{ target, isIntersecting }]);
}

/** An open thread of a group with one message unread, its newest rows in view, and what is marked of it. */
function setUp(shown: Shown, { visibility = 'visible' as DocumentVisibilityState, inView = shown.messages } = {}) {
  const report = stubObserver();
  const visible = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(visibility);
  const receipts = { see: vi.fn(), flush: vi.fn(), flushGroup: vi.fn(), stop: vi.fn() };
  const client = new QueryClient();
  receiveCounts(client, [makeGroup('group', 5, { unreadCount: 1 })]);
  const { result, rerender } = renderHook(
    ({ messages, readAt }: Shown) => {
      const observe = useMarkRead({ messageGroupUuid: 'group', messages, readAt });
      return { observe, unreadCount: useLive(({ unread }) => unread.group?.unreadCount) };
    },
    {
      initialProps: shown,
      wrapper: ({ children }) => (
        <QueryClientProvider client={client}>
          <MeContext value={ME}>
            <ReadReceiptContext value={receipts}>{children}</ReadReceiptContext>
          </MeContext>
        </QueryClientProvider>
      ),
    },
  );
  const show = (message: Message, isInView = true) => {
    const row = document.createElement('div');
    row.dataset.viewKey = message.uuid;
    act(() => {
      result.current.observe(row);
      report(row, isInView);
    });
  };
  for (const message of inView) show(message);
  const look = (next: DocumentVisibilityState) => {
    visible.mockReturnValue(next);
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    rerender(shown);
  };
  return { receipts, result, rerender, look, show };
}

const theirs = [makeMessage(4), makeMessage(5)];
const mine = makeMessage(6, { userUuid: 'me' });

describe('useMarkRead', () => {
  it('marks the other person’s message that is in view, and counts it as read at once', async () => {
    const { receipts, result } = setUp({ messages: theirs, readAt: null });
    expect(receipts.see).toHaveBeenLastCalledWith('group', at(5), false);
    await waitFor(() => expect(result.current.unreadCount).toBe(0));
  });

  it('may wait if only the person’s own message is newer', () => {
    const { receipts } = setUp({ messages: [...theirs, mine], readAt: at(5) });
    expect(receipts.see).toHaveBeenLastCalledWith('group', at(6), true);
  });

  it('marks nothing that was read, and nothing before the markers are loaded', () => {
    expect(setUp({ messages: theirs, readAt: at(5) }).receipts.see).not.toHaveBeenCalled();
    expect(setUp({ messages: theirs, readAt: undefined }).receipts.see).not.toHaveBeenCalled();
    expect(setUp({ messages: [], readAt: null }).receipts.see).not.toHaveBeenCalled();
  });

  it('marks no message that is not in view', () => {
    const [first, second] = theirs;
    if (!first || !second) throw new Error('there are two');
    const { receipts, result, show } = setUp({ messages: theirs, readAt: null }, { inView: [] });
    show(second, false);
    expect(receipts.see).not.toHaveBeenCalled();
    show(first);
    expect(receipts.see).toHaveBeenLastCalledWith('group', at(4), false);
    expect(result.current.unreadCount).toBe(1);
    show(second);
    expect(receipts.see).toHaveBeenLastCalledWith('group', at(5), false);
  });

  it('may wait if only the person’s own message is in view, though another is below', () => {
    const { receipts } = setUp({ messages: [mine, makeMessage(7)], readAt: at(5) }, { inView: [mine] });
    expect(receipts.see).toHaveBeenLastCalledWith('group', at(6), true);
  });

  it('marks nothing in a hidden page, and all once it is visible', () => {
    const { receipts, result, look } = setUp({ messages: theirs, readAt: null }, { visibility: 'hidden' });
    expect(receipts.see).not.toHaveBeenCalled();
    expect(result.current.unreadCount).toBe(1);
    look('visible');
    expect(receipts.see).toHaveBeenLastCalledWith('group', at(5), false);
  });

  it('sends what is waiting when the page is hidden', () => {
    const { receipts, look } = setUp({ messages: [...theirs, mine], readAt: at(5) });
    receipts.flush.mockClear();
    look('hidden');
    expect(receipts.flush).toHaveBeenCalled();
  });
});

const marker = (userUuid: string, minutes: number) => ({ messageGroupUuid: 'group', userUuid, readAt: at(minutes) });

describe('putMarker', () => {
  it('moves a person’s marker forwards, never backwards', () => {
    const markers = [marker('me', 5), marker('bayko', 3)];
    expect(readTimes(putMarker(markers, marker('bayko', 4)), 'me')).toEqual({ mine: at(5), others: at(4) });
    expect(readTimes(putMarker(markers, marker('bayko', 2)), 'me')).toEqual({ mine: at(5), others: at(3) });
  });

  it('is undefined before the markers are loaded', () => {
    expect(readTimes(undefined, 'me')).toEqual({ mine: undefined, others: undefined });
  });

  it('adds the first marker of a person', () => {
    expect(readTimes([marker('me', 5)], 'me').others).toBeNull();
    expect(readTimes(putMarker([marker('me', 5)], marker('bayko', 1)), 'me').others).toBe(at(1));
  });
});

describe('useReadReceiptSender', () => {
  /** A page with a receipt that could wait, and the requests that it sends. */
  function setUpReceipt(session: { userId: string } | null) {
    const requests: RequestInit[] = [];
    vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
      requests.push(init);
      return new Promise(() => undefined);
    });
    const { result, unmount } = renderHook(() => useReadReceiptSender(() => undefined), {
      wrapper: ({ children }) => (
        <SessionProvider value={{ current: () => session } as SessionStore}>
          <TestApi>{children}</TestApi>
        </SessionProvider>
      ),
    });
    result.current.see('group', at(1), true);
    // A request needs no timer, and all microtasks have run before the next immediate.
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    return { requests, unmount, settle };
  }

  it('sends what is waiting when the page is closed, in a request that outlives it', async () => {
    const { requests, settle } = setUpReceipt({ userId: 'me' });
    window.dispatchEvent(new Event('pagehide'));
    await settle();
    expect(requests).toMatchObject([{ keepalive: true }]);
  });

  it('sends what is waiting when it is unmounted, but not after a sign-out', async () => {
    const signedIn = setUpReceipt({ userId: 'me' });
    signedIn.unmount();
    await signedIn.settle();
    expect(signedIn.requests).toHaveLength(1);
    const signedOut = setUpReceipt(null);
    signedOut.unmount();
    await signedOut.settle();
    expect(signedOut.requests).toEqual([]);
  });
});
