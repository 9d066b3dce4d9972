// @vitest-environment jsdom
import { useQueryClient } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { receiveMessage } from '../cache/edits.ts';
import { receiveState } from '../cache/state-edits.ts';
import { OutboxContext } from '../outbox/outbox-context.ts';
import { MeContext } from '../session/me-context.ts';
import { at, makeMessage, makeOutboxValue, makeState, range } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import { useMessages } from './use-messages.ts';
import { joinMessages, type Opening, openingAt, openingTime, useThreadWindow } from './use-thread-window.ts';

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
function setUp(opening: Opening = { around: null, place: { kind: 'new' } }) {
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
      return { client: useQueryClient(), newest, window: useThreadWindow('group', newest, opening) };
    },
    {
      wrapper: ({ children }) => (
        <TestApi>
          <MeContext value={ME}>
            <OutboxContext value={VALUE}>{children}</OutboxContext>
          </MeContext>
        </TestApi>
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

  it('opens around a message, and shows nothing before', async () => {
    const place = { kind: 'message', time: at(50) } as const;
    const { page, shown } = setUp({ around: at(50), place });
    await waitFor(() => expect(page().window.isOpening).toBe(true));
    await waitFor(() => expect(page().window.isOpening).toBe(false));
    expect(shown()).toEqual(range(45, 54));
    expect(page().window).toMatchObject({ place, jumping: null, isAtNewest: false });
  });

  it('jumps to a message of the newest pages without a request, also from another part', async () => {
    const { page, shown } = setUp();
    await waitFor(() => expect(shown()).toEqual(range(91, 100)));
    act(() => page().window.jump(at(50), { kind: 'time', time: at(50) }));
    await waitFor(() => expect(shown()).toEqual(range(45, 54)));
    vi.stubGlobal('fetch', () => Promise.reject(new Error('offline')));
    const place = { kind: 'message', time: at(95) } as const;
    act(() => page().window.jump(at(95), place));
    expect(shown()).toEqual(range(91, 100));
    expect(page().window).toMatchObject({ place, jumping: null, isAtNewest: true });
  });

  it('stays where it is when a jump that is loading is dropped', async () => {
    const { page, shown } = setUp();
    await waitFor(() => expect(shown()).toEqual(range(91, 100)));
    act(() => page().window.jump(at(50), { kind: 'time', time: at(50) }));
    expect(page().window.jumping).toBe('loading');
    act(() => page().window.stay());
    expect(page().window).toMatchObject({ jumping: null, isAtNewest: true });
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

describe('openingAt', () => {
  const newest = { messages: messages(20, 30), hasNextPage: true };
  const place = (minute: number) => ({ kind: 'message', time: at(minute) }) as const;

  it('reads around a message that is older than the newest page', () => {
    expect(openingAt(newest, at(5))).toEqual({ around: at(5), place: place(5) });
  });

  it('needs no other page for one of the newest, or if the whole thread is loaded', () => {
    expect(openingAt(newest, at(25))).toEqual({ around: null, place: place(25) });
    expect(openingAt({ ...newest, hasNextPage: false }, at(5))).toEqual({ around: null, place: place(5) });
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
