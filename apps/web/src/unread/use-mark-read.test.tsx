// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LiveContext } from '../live/live-context.ts';
import { at, makeGroup, makeLive, makeMessage } from '../testing.ts';
import type { Message } from '../trpc/types.ts';
import { MeContext } from '../users/me-gate.tsx';
import { useMarkRead } from './use-mark-read.ts';
import { readingEdits, useReadings } from './use-readings.ts';

const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

interface Shown {
  messages: Message[];
  readAt: string | null | undefined;
}

/** An open thread of a group with one message unread, and what is told of it. */
function setUp(shown: Shown, visibility: DocumentVisibilityState = 'visible') {
  const visible = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(visibility);
  const marker = { see: vi.fn(), flush: vi.fn(), stop: vi.fn() };
  const client = new QueryClient();
  readingEdits(client).takeRows([makeGroup('group', 5, { unreadCount: 1 })]);
  const { result, rerender } = renderHook(
    ({ messages, readAt }: Shown) => {
      useMarkRead({ messageGroupUuid: 'group', messages, readAt });
      return useReadings().group;
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
  const look = (next: DocumentVisibilityState) => {
    visible.mockReturnValue(next);
    document.dispatchEvent(new Event('visibilitychange'));
    rerender(shown);
  };
  return { marker, result, rerender, look };
}

const theirs = [makeMessage(4), makeMessage(5)];
const mine = makeMessage(6, { userUuid: 'me' });

describe('useMarkRead', () => {
  it('marks another’s message that is looked at, and has nothing unread from that moment', () => {
    const { marker, result } = setUp({ messages: theirs, readAt: null });
    expect(marker.see.mock.calls).toEqual([['group', at(5), false]]);
    expect(result.current?.unreadCount).toBe(0);
  });

  it('has time where only one’s own is newer', () => {
    const { marker } = setUp({ messages: [...theirs, mine], readAt: at(5) });
    expect(marker.see.mock.calls).toEqual([['group', at(6), true]]);
  });

  it('marks nothing that is marked, nor before it is known what is', () => {
    expect(setUp({ messages: theirs, readAt: at(5) }).marker.see).not.toHaveBeenCalled();
    expect(setUp({ messages: theirs, readAt: undefined }).marker.see).not.toHaveBeenCalled();
    expect(setUp({ messages: [], readAt: null }).marker.see).not.toHaveBeenCalled();
  });

  it('marks nothing in a hidden page, and all once it is looked at', () => {
    const { marker, result, look } = setUp({ messages: theirs, readAt: null }, 'hidden');
    expect(marker.see).not.toHaveBeenCalled();
    expect(result.current?.unreadCount).toBe(1);
    look('visible');
    expect(marker.see).toHaveBeenCalledTimes(1);
  });

  it('leaves no mark waiting when the page is hidden', () => {
    const { marker, look } = setUp({ messages: [...theirs, mine], readAt: at(5) });
    marker.flush.mockClear();
    look('hidden');
    expect(marker.flush).toHaveBeenCalled();
  });
});
