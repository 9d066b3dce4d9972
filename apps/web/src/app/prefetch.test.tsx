// @vitest-environment jsdom
import { useInfiniteQuery } from '@tanstack/react-query';
import { cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { BY_CURSOR } from '../cache/pages.ts';
import { useVisit } from '../messages/use-visit.ts';
import type { Stored, StoredLists, StoredThread } from '../persist/store.ts';
import { makeGroup, makeMessage, makeState } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import { PREFETCH_MAX_AGE_MS } from '../trpc/request.ts';
import { useTRPC } from '../trpc/trpc.ts';
import { useMe } from '../users/user-queries.ts';
import { useFirstPages } from './me-gate.tsx';
import { prefetch } from './prefetch.ts';

const GROUP = '5ae290ed-55d1-47a0-bc6d-fe2bc2700399';
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** A page at a path, and an API that records its requests. */
function setUp(pathname: string, { token = 'token-of-andrew' as string | null, fails = false } = {}) {
  const requests: [url: string, authorization: string | null][] = [];
  let now = 0;
  const fetch = (kind: 'prefetched' | 'later') => async (input: RequestInfo | URL, init?: RequestInit) => {
    const url = input instanceof Request ? input.url : input.toString();
    requests.push([url, new Headers(init?.headers).get('authorization')]);
    if (fails && kind === 'prefetched') throw new TypeError('Failed to fetch');
    return new Response(kind);
  };
  const later = prefetch({ pathname, token, now: () => now, fetch: fetch('prefetched') })(fetch('later'));
  const call = async (url = requests[0]?.[0] ?? '', by = 'token-of-andrew') =>
    (await later(url, { headers: { authorization: `Bearer ${by}` } })).text();
  return { requests, call, wait: (ms: number) => (now += ms) };
}

/** What an earlier visit has stored. */
function makeStored(messageGroupUuid: string | undefined): Stored {
  const savedAt = Date.now();
  const person = { uuid: 'bayko-uuid', handle: 'bayko', displayName: 'Andrew Bayko' };
  const state = makeState(messageGroupUuid ?? '');
  const lists: StoredLists = { savedAt, me: person, groups: { items: [makeGroup('group', 5)], nextCursor: null } };
  const page = { items: [makeMessage(5)], nextCursor: null, previousCursor: null, person, state };
  const value: StoredThread = { savedAt, page, markers: [] };
  return { userId: 'sub', lists, thread: messageGroupUuid === undefined ? undefined : { messageGroupUuid, value } };
}

/** The list and the open thread, whose queries are mounted before the hooks of the gate. */
function Pages({ messageGroupUuid }: { messageGroupUuid: string | undefined }) {
  useInfiniteQuery(useTRPC().messageGroups.list.infiniteQueryOptions({}, BY_CURSOR));
  useVisit(messageGroupUuid);
  return null;
}

/** The first request of the hooks of a messages page. */
async function firstRequest(messageGroupUuid: string | undefined, stored?: Stored) {
  const urls: string[] = [];
  vi.stubGlobal('fetch', (url: string) => {
    urls.push(url);
    return new Promise(() => undefined);
  });
  const hooks = () => {
    useMe();
    useFirstPages(messageGroupUuid);
  };
  renderHook(hooks, {
    wrapper: ({ children }) => (
      <TestApi stored={stored}>
        {stored ? <Pages messageGroupUuid={messageGroupUuid} /> : null}
        {children}
      </TestApi>
    ),
  });
  await waitFor(() => expect(urls).toHaveLength(1));
  return urls[0];
}

describe('prefetch', () => {
  it.each([
    [`/messages/${GROUP}`, GROUP],
    // The page goes on to the address in lower case.
    [`/messages/${GROUP.toUpperCase()}`, GROUP],
    ['/messages', undefined],
    ['/messages/new/loren', undefined],
  ])('requests for %s exactly what its hooks will request', async (pathname, messageGroupUuid) => {
    const { requests } = setUp(pathname);
    expect(requests).toEqual([[await firstRequest(messageGroupUuid), 'Bearer token-of-andrew']]);
    cleanup();
    const again = await firstRequest(messageGroupUuid, makeStored(messageGroupUuid));
    expect(again).toBe(requests[0]?.[0]);
  });

  it('requests nothing for another page, or when no one is signed in', () => {
    expect(setUp('/signin').requests).toEqual([]);
    expect(setUp('/messages', { token: null }).requests).toEqual([]);
  });

  it('answers the same request, once', async () => {
    const { call, requests } = setUp('/messages');
    expect(await call()).toBe('prefetched');
    expect(requests).toHaveLength(1);
    expect(await call()).toBe('later');
  });

  it('does not answer another person, or another request', async () => {
    expect(await setUp('/messages').call(undefined, 'token-of-bayko')).toBe('later');
    expect(await setUp('/messages').call('/trpc/users.me?batch=1&input=%7B%7D')).toBe('later');
  });

  it('does not answer with data that is older than the event stream reaches back', async () => {
    const { call, wait } = setUp('/messages');
    wait(PREFETCH_MAX_AGE_MS + 1);
    expect(await call()).toBe('later');
  });

  it('requests again after a failure', async () => {
    const { call, requests } = setUp('/messages', { fails: true });
    expect(await call()).toBe('later');
    expect(requests).toHaveLength(2);
  });
});
