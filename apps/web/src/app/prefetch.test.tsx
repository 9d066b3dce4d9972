// @vitest-environment jsdom
import { cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useMessages } from '../messages/use-messages.ts';
import { at, makeGroup, makeMessage } from '../testing.ts';
import { createServerClock } from '../trpc/server-clock.ts';
import { trpc } from '../trpc/trpc.ts';
import { useMe } from '../users/use-me.ts';
import { ApiProvider } from './api-provider.tsx';
import { askAhead, MAX_AGE_MS } from './prefetch.ts';
import { useFirstPages } from './use-first-pages.ts';

const GROUP = '5ae290ed-55d1-47a0-bc6d-fe2bc2700399';
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** A page at a URL, and an API that records its requests. */
function setUp(
  pathname: string,
  { token = 'token-of-andrew' as string | null, fails = false, answer = (by: string) => new Response(by) } = {},
) {
  const asked: [url: string, authorization: string | null][] = [];
  let now = 0;
  const fetch = (by: string) => async (input: RequestInfo | URL, init?: RequestInit) => {
    asked.push([
      input instanceof Request ? input.url : input.toString(),
      new Headers(init?.headers).get('authorization'),
    ]);
    if (fails && by === 'ahead') throw new TypeError('Failed to fetch');
    return answer(by);
  };
  const ahead = askAhead({
    pathname,
    token,
    now: () => now,
    fetch: fetch('ahead'),
  });
  const later = ahead.take(fetch('later'));
  const ask = async (url = asked[0]?.[0] ?? '', by = 'token-of-andrew') =>
    (await later(url, { headers: { authorization: `Bearer ${by}` } })).text();
  return { asked, ahead, ask, wait: (ms: number) => (now += ms) };
}

/** The calls that the hooks of a messages page make in their first request. */
async function firstRequest(messageGroupUuid: string | undefined) {
  const urls: string[] = [];
  vi.stubGlobal('fetch', (url: string) => {
    urls.push(url);
    return new Promise(() => undefined);
  });
  const tokens = { get: async () => 'token', expire: () => undefined };
  const hooks = () => {
    useMe();
    useFirstPages(messageGroupUuid);
  };
  renderHook(hooks, {
    wrapper: ({ children }) => (
      <ApiProvider tokens={tokens} clock={createServerClock(Date.now)} onSessionOver={() => undefined}>
        {children}
      </ApiProvider>
    ),
  });
  await waitFor(() => expect(urls).toHaveLength(1));
  return urls[0];
}

describe('askAhead', () => {
  it.each([
    [`/messages/${GROUP}`, GROUP],
    ['/messages', undefined],
    ['/messages/new/loren', undefined],
  ])('asks for %s what its hooks will ask, to the letter', async (pathname, messageGroupUuid) => {
    const { asked } = setUp(pathname);
    expect(asked).toEqual([[await firstRequest(messageGroupUuid), 'Bearer token-of-andrew']]);
  });

  it('asks nothing for another page, or when no one is signed in', () => {
    expect(setUp('/signin').asked).toEqual([]);
    expect(setUp('/messages', { token: null }).asked).toEqual([]);
  });

  it('answers the same request, once', async () => {
    const { ask, asked } = setUp('/messages');
    expect(await ask()).toBe('ahead');
    expect(asked).toHaveLength(1);
    expect(await ask()).toBe('later');
  });

  it('does not answer another person, or another request', async () => {
    expect(await setUp('/messages').ask(undefined, 'token-of-bayko')).toBe('later');
    expect(await setUp('/messages').ask('/trpc/users.me?batch=1&input=%7B%7D')).toBe('later');
  });

  it('does not answer with data that is older than the event stream reaches back', async () => {
    const { ask, wait } = setUp('/messages');
    wait(MAX_AGE_MS + 1);
    expect(await ask()).toBe('later');
  });

  it('asks again after a failure', async () => {
    const { ask, asked } = setUp('/messages', { fails: true });
    expect(await ask()).toBe('later');
    expect(asked).toHaveLength(2);
  });
});

describe('what was answered ahead', () => {
  const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown', serverTime: at(0) };
  const GROUPS = { items: [makeGroup(GROUP, 5)], nextCursor: null };
  const THREAD = { items: [makeMessage(5)], nextCursor: null };
  const REFUSED = { error: { code: -32600, message: 'Refused', data: { reason: 'message_group_not_found' } } };
  const setUpAnswered = async (pathname: string, ...answers: object[]) => {
    const answer = () => Response.json(answers, { headers: { date: 'Fri, 20 Nov 2026 08:00:00 GMT' } });
    const page = setUp(pathname, { answer });
    // The answer's body is read in steps, like one from the network.
    await expect.poll(() => page.ahead.answersTo('token-of-andrew')).toBeDefined();
    return page;
  };
  const data = (of: object) => ({ result: { data: of } });
  const thread = () => setUpAnswered(`/messages/${GROUP}`, data(ME), data(GROUPS), data(THREAD));

  it('is kept for the same person, until it is too old', async () => {
    const { ahead, wait } = await thread();
    expect(ahead.answersTo('token-of-andrew')).toEqual({
      me: ME,
      groups: GROUPS,
      thread: { messageGroupUuid: GROUP, page: THREAD },
      sentAt: 0,
      receivedAt: 0,
      date: 'Fri, 20 Nov 2026 08:00:00 GMT',
    });
    expect(ahead.answersTo('token-of-bayko')).toBeUndefined();
    expect(ahead.answersTo(undefined)).toBeUndefined();
    wait(MAX_AGE_MS + 1);
    expect(ahead.answersTo('token-of-andrew')).toBeUndefined();
  });

  it('is not available before it has arrived, and does not include what was refused', async () => {
    expect(setUp('/messages').ahead.answersTo('token-of-andrew')).toBeUndefined();
    const { ahead } = await setUpAnswered(`/messages/${GROUP}`, data(ME), data(GROUPS), REFUSED);
    expect(Object.keys(ahead.answersTo('token-of-andrew') ?? {})).not.toContain('thread');
  });

  it('is what the hooks return on the first render: they request nothing, and the clock is set', async () => {
    const { ahead } = await thread();
    const firstAnswers = ahead.answersTo('token-of-andrew');
    const fetch = vi.fn<(url: string) => Promise<Response>>(() => new Promise(() => undefined));
    vi.stubGlobal('fetch', fetch);
    const clock = createServerClock(() => 0);
    const tokens = { get: async () => 'token-of-andrew', expire: () => undefined };
    const drawn: unknown[] = [];
    const { result } = renderHook(
      () => {
        useFirstPages(GROUP);
        const me = useMe();
        const groups = trpc.messageGroups.list.useInfiniteQuery({}, { getNextPageParam: (page) => page.nextCursor });
        drawn.push([me.data, groups.data?.pages[0]?.items, useMessages(GROUP).messages]);
        return me;
      },
      {
        wrapper: ({ children }) => (
          <ApiProvider
            tokens={tokens}
            clock={clock}
            ahead={ahead}
            firstAnswers={firstAnswers}
            onSessionOver={() => undefined}
          >
            {children}
          </ApiProvider>
        ),
      },
    );
    expect(drawn[0]).toEqual([ME, GROUPS.items, THREAD.items]);
    // A request of the hooks would go out before this one, or in the same batch.
    void result.current.refetch();
    await waitFor(() => expect(fetch).toHaveBeenCalled());
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([expect.stringMatching(/\/trpc\/users\.me\?/)]);
    expect(new Date(clock.now()).toISOString()).toBe('2026-11-20T08:00:00.500Z');
  });
});
