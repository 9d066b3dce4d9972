// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readingEdits, useReadings } from '../cache/use-unread-state.ts';
import { LiveContext } from '../live/live-context.ts';
import { MeContext } from '../session/me-context.ts';
import { at, makeGroup, makeLive, makeMessage } from '../testing.ts';
import type { Message } from '../trpc/types.ts';
import { useMarkRead } from './use-mark-read.ts';

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

/** Plays the browser's observer: reports rows as in view or not. */
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
  const marker = { see: vi.fn(), flush: vi.fn(), stop: vi.fn() };
  const client = new QueryClient();
  readingEdits(client).takeRows([makeGroup('group', 5, { unreadCount: 1 })]);
  const { result, rerender } = renderHook(
    ({ messages, readAt }: Shown) => {
      const observe = useMarkRead({ messageGroupUuid: 'group', messages, readAt });
      return { observe, unreadCount: useReadings().group?.unreadCount };
    },
    {
      initialProps: shown,
      wrapper: ({ children }) => (
        <QueryClientProvider client={client}>
          <MeContext value={ME}>
            <LiveContext value={makeLive({ readMarker: marker })}>{children}</LiveContext>
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
  return { marker, result, rerender, look, show };
}

const theirs = [makeMessage(4), makeMessage(5)];
const mine = makeMessage(6, { userUuid: 'me' });

describe('useMarkRead', () => {
  it('marks another’s message that is in view, and has nothing unread from that moment', async () => {
    const { marker, result } = setUp({ messages: theirs, readAt: null });
    expect(marker.see).toHaveBeenLastCalledWith('group', at(5), false);
    await waitFor(() => expect(result.current.unreadCount).toBe(0));
  });

  it('has time where only one’s own is newer', () => {
    const { marker } = setUp({ messages: [...theirs, mine], readAt: at(5) });
    expect(marker.see).toHaveBeenLastCalledWith('group', at(6), true);
  });

  it('marks nothing that is marked, nor before it is known what is', () => {
    expect(setUp({ messages: theirs, readAt: at(5) }).marker.see).not.toHaveBeenCalled();
    expect(setUp({ messages: theirs, readAt: undefined }).marker.see).not.toHaveBeenCalled();
    expect(setUp({ messages: [], readAt: null }).marker.see).not.toHaveBeenCalled();
  });

  it('marks no message that is not in view', () => {
    const [first, second] = theirs;
    if (!first || !second) throw new Error('there are two');
    const { marker, result, show } = setUp({ messages: theirs, readAt: null }, { inView: [] });
    show(second, false);
    expect(marker.see).not.toHaveBeenCalled();
    show(first);
    expect(marker.see).toHaveBeenLastCalledWith('group', at(4), false);
    expect(result.current.unreadCount).toBe(1);
    show(second);
    expect(marker.see).toHaveBeenLastCalledWith('group', at(5), false);
  });

  it('has time where only one’s own is in view, though another’s is below', () => {
    const { marker } = setUp({ messages: [mine, makeMessage(7)], readAt: at(5) }, { inView: [mine] });
    expect(marker.see).toHaveBeenLastCalledWith('group', at(6), true);
  });

  it('marks nothing in a hidden page, and all once it is looked at', () => {
    const { marker, result, look } = setUp({ messages: theirs, readAt: null }, { visibility: 'hidden' });
    expect(marker.see).not.toHaveBeenCalled();
    expect(result.current.unreadCount).toBe(1);
    look('visible');
    expect(marker.see).toHaveBeenLastCalledWith('group', at(5), false);
  });

  it('leaves no mark waiting when the page is hidden', () => {
    const { marker, look } = setUp({ messages: [...theirs, mine], readAt: at(5) });
    marker.flush.mockClear();
    look('hidden');
    expect(marker.flush).toHaveBeenCalled();
  });
});
