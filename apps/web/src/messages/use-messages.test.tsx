// @vitest-environment jsdom
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StreamAwayContext } from '../live/stream-away.ts';
import { POLL_MS } from '../live/use-head-refresh.ts';
import { OutboxContext } from '../outbox/outbox-context.ts';
import { MeContext } from '../session/me-context.ts';
import { makeMessage, makeOutboxValue, range } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import { useMessages, useThreadHead } from './use-messages.ts';

const PAGE = 50;
const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A thread of numbered messages on a fake network, and the hooks that read it. */
function setUp(newest: number, isStreamAway = true) {
  /** `olderPages` delays the answers for older pages. */
  const thread = { newest, reads: [] as (string | null)[], olderPages: Promise.resolve() };
  const readPage = (cursor: string | null) => {
    thread.reads.push(cursor);
    const to = cursor === null ? thread.newest : Number(cursor);
    const from = Math.max(1, to - PAGE + 1);
    const items = range(from, to).map((number) => makeMessage(number));
    return { items, nextCursor: from > 1 ? String(from - 1) : null };
  };
  vi.stubGlobal('fetch', async (url: string) => {
    const inputs = JSON.parse(new URL(url, 'http://page').searchParams.get('input') ?? '{}') as Record<
      string,
      { cursor?: string | null }
    >;
    const pages = Object.values(inputs).map(({ cursor = null }) => ({ result: { data: readPage(cursor) } }));
    if (Object.values(inputs).some(({ cursor }) => cursor)) await thread.olderPages;
    return Response.json(pages);
  });
  const { result } = renderHook(
    () => {
      const query = useMessages('group');
      useThreadHead('group', query);
      return query;
    },
    {
      wrapper: ({ children }) => (
        <TestApi>
          <MeContext value={ME}>
            <OutboxContext value={makeOutboxValue()}>
              <StreamAwayContext value={isStreamAway}>{children}</StreamAwayContext>
            </OutboxContext>
          </MeContext>
        </TestApi>
      ),
    },
  );
  const numbers = () => result.current.messages.map((message) => Number(message.uuid.replace('message-', '')));
  const poll = () => act(() => vi.advanceTimersByTimeAsync(POLL_MS.visible + 50));
  return { thread, result, numbers, poll };
}

describe('useThreadHead', () => {
  it('reads nothing while events arrive', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { thread, numbers, poll } = setUp(200, false);
    await waitFor(() => expect(numbers()).toEqual(range(151, 200)));
    for (let count = 0; count < 12; count++) await poll();
    expect(thread.reads).toEqual([null]);
  });

  it('reads one page per poll while the stream is away, and none right after the first', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { thread, numbers, poll } = setUp(200);
    await waitFor(() => expect(numbers()).toEqual(range(151, 200)));
    expect(thread.reads).toEqual([null]);
    thread.newest = 203;
    await poll();
    await waitFor(() => expect(numbers()).toEqual(range(151, 203)));
    expect(thread.reads).toEqual([null, null]);
  });

  it('leaves no gap if more messages arrived than fit on a page', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { thread, numbers, poll } = setUp(200);
    await waitFor(() => expect(numbers()).toHaveLength(50));
    thread.newest = 333;
    await poll();
    await waitFor(() => expect(numbers()).toEqual(range(151, 333)));
  });

  it('replaces what is loaded with the newest pages if too many messages arrived to read them all', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { thread, numbers, poll } = setUp(200);
    await waitFor(() => expect(numbers()).toHaveLength(50));
    thread.newest = 2_000;
    await poll();
    await waitFor(() => expect(numbers()).toEqual(range(1_501, 2_000)));
  });

  it('keeps what a poll read while an older page was loading', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { thread, result, numbers, poll } = setUp(200);
    await waitFor(() => expect(numbers()).toHaveLength(50));
    thread.newest = 201;
    let release = () => {};
    thread.olderPages = new Promise((resolve) => {
      release = resolve;
    });
    const pollMeanwhile = async () => {
      await poll();
      await waitFor(() => expect(numbers()).toEqual(range(151, 201)));
      release();
    };
    await Promise.all([result.current.fetchNextPage(), pollMeanwhile()]);
    await waitFor(() => expect(numbers()).toEqual(range(101, 201)));
  });
});
