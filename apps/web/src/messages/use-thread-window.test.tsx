// @vitest-environment jsdom
import { useQueryClient } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiProvider } from '../app/api-provider.tsx';
import { receiveMessage } from '../cache/edits.ts';
import { receiveState } from '../cache/state-edits.ts';
import { OutboxContext } from '../outbox/outbox-context.ts';
import { MeContext } from '../session/me-context.ts';
import { at, makeMessage, makeOutboxValue, makeState, range } from '../testing.ts';
import { createServerClock } from '../trpc/server-clock.ts';
import { useMessages } from './use-messages.ts';
import { joinMessages, openingTime, useThreadWindow } from './use-thread-window.ts';

const PAGE = 10;
const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const VALUE = makeOutboxValue();

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

interface Input {
  cursor?: string | null;
  around?: string;
}

/** A thread of 100 messages, as `messages.list` answers. */
function setUp() {
  const readPage = ({ cursor, around }: Input) => {
    const middle = around ? (Date.parse(around) - Date.parse(at(0))) / 60_000 : 0;
    const to = around ? middle + PAGE / 2 - 1 : Number(cursor ?? 100);
    const from = to - PAGE + 1;
    return {
      items: range(from, to).map((minutes) => makeMessage(minutes)),
      nextCursor: String(from - 1),
      previousCursor: around ? 'newer' : null,
      state: makeState('group'),
    };
  };
  vi.stubGlobal('fetch', async (url: string) => {
    const inputs = JSON.parse(new URL(url, 'http://page').searchParams.get('input') ?? '{}') as Record<string, Input>;
    return Response.json(Object.values(inputs).map((input) => ({ result: { data: readPage(input) } })));
  });
  const { result } = renderHook(
    () => {
      const newest = useMessages('group');
      return { client: useQueryClient(), newest, window: useThreadWindow('group', newest, null) };
    },
    {
      wrapper: ({ children }) => (
        <ApiProvider
          tokens={{ get: () => 'token', expire: () => undefined }}
          clock={createServerClock(Date.now)}
          onSessionOver={() => undefined}
        >
          <MeContext value={ME}>
            <OutboxContext value={VALUE}>{children}</OutboxContext>
          </MeContext>
        </ApiProvider>
      ),
    },
  );
  return {
    page: () => result.current,
    shown: () => result.current.window.messages.map(({ uuid }) => Number(uuid.replace('message-', ''))),
  };
}

describe('useThreadWindow', () => {
  it('ends with the newest messages if the part that it shows is cleared', async () => {
    const { page, shown } = setUp();
    await waitFor(() => expect(shown()).toEqual(range(91, 100)));
    act(() => page().window.jump(at(50), { kind: 'time', time: at(50) }));
    await waitFor(() => expect(shown()).toEqual(range(45, 54)));
    act(() => receiveState(page().client, makeState('group', { clearedThrough: at(100) })));
    await waitFor(() => expect(shown()).toEqual([]));
    act(() => void receiveMessage(page().client, 'me', makeMessage(101)));
    await waitFor(() => expect(shown()).toEqual([101]));
    expect(page().window).toMatchObject({ isAtNewest: true, older: { hasMore: false } });
  });
});

const messages = (from: number, to: number) => range(from, to).map((minute) => makeMessage(minute));

describe('joinMessages', () => {
  it('joins a window with the newest messages once the two meet', () => {
    expect(joinMessages(messages(1, 5), messages(5, 9))).toEqual({ messages: messages(1, 9), isAtNewest: true });
    expect(joinMessages(messages(1, 7), messages(5, 9))).toEqual({ messages: messages(1, 9), isAtNewest: true });
  });

  it('shows only the window while messages between the two may be missing', () => {
    expect(joinMessages(messages(1, 4), messages(5, 9))).toEqual({ messages: messages(1, 4), isAtNewest: false });
  });
});

describe('openingTime', () => {
  const through = at(60);
  const newest = { messages: messages(20, 30), hasNextPage: true };

  it('is the read marker if unread messages are older than the newest page', () => {
    expect(openingTime(newest, { after: at(5), through }, 'me')).toBe(at(5));
    expect(openingTime(newest, { after: null, through }, 'me')).toBe('1970-01-01T00:00:00.000Z');
  });

  it('is null if the first unread message is loaded, or nothing is unread', () => {
    expect(openingTime(newest, { after: at(20), through }, 'me')).toBeNull();
    expect(openingTime(newest, { after: at(30), through }, 'me')).toBeNull();
    expect(openingTime({ ...newest, hasNextPage: false }, { after: null, through }, 'me')).toBeNull();
    expect(openingTime(newest, { after: at(5), through }, 'bayko-uuid')).toBeNull();
  });
});
