// @vitest-environment jsdom
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { receiveChange, receiveMessage } from '../cache/edits.ts';
import { OutboxContext } from '../outbox/outbox-context.ts';
import { MeContext } from '../session/me-context.ts';
import { at, makeMessage, makeOutboxValue, range } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import type { Message } from '../trpc/types.ts';
import { type MessageSearchInput, useMessageSearch } from './use-message-search.ts';

const ANDREW = { uuid: 'andrew', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const BAYKO = { uuid: 'bayko-uuid', handle: 'bayko', displayName: 'Andrew Bayko' };

/** What the server has, newest first. */
let stored: Message[] = [];
/** What was asked. */
let asked: { query: string; cursor?: string; limit?: number }[] = [];
let refusal: { reason: string } | null = null;
/** The server answers once this is settled. */
let answering: Promise<unknown> = Promise.resolve();

beforeEach(() => {
  stored = [makeMessage(2, { message: 'Tea at two' }), makeMessage(1, { message: 'tea at one' })];
  asked = [];
  refusal = null;
  answering = Promise.resolve();
  vi.stubGlobal('fetch', async (url: string) => {
    const inputs = Object.values(JSON.parse(new URL(url, 'http://page').searchParams.get('input') ?? '{}'));
    const answers = (inputs as { query: string; cursor?: string }[]).map(answer);
    await answering;
    return Response.json(answers);
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** One message a page. */
function answer(input: { query: string; cursor?: string }) {
  asked.push(input);
  if (refusal) return { error: { message: 'no', code: -32600, data: refusal } };
  const found = stored.filter(({ message }) => message.toLowerCase().includes(input.query));
  const index = Number(input.cursor ?? 0);
  const items = found.slice(index, index + 1).map((message) => ({
    message,
    person: BAYKO,
    ranges: [{ start: 0, end: input.query.length }],
  }));
  return { result: { data: { items, nextCursor: index + 1 < found.length ? String(index + 1) : null } } };
}

function setUp(search: Partial<MessageSearchInput> = {}) {
  let client: QueryClient | undefined;
  const outbox = makeOutboxValue();
  const { result, rerender } = renderHook(
    (search: MessageSearchInput) => {
      client = useQueryClient();
      return useMessageSearch(search);
    },
    {
      initialProps: { query: 'tea', ...search },
      wrapper: ({ children }: { children: ReactNode }) => (
        <TestApi>
          <MeContext value={ANDREW}>
            <OutboxContext value={outbox}>{children}</OutboxContext>
          </MeContext>
        </TestApi>
      ),
    },
  );
  return {
    search: () => result.current,
    texts: () => result.current.hits.map(({ message }) => message.message),
    type: (query: string) => rerender({ ...search, query }),
    edit: (change: (client: QueryClient) => void) => act(() => change(client as QueryClient)),
  };
}

describe('useMessageSearch', () => {
  it('finds messages of the server, page by page', async () => {
    const { search, texts } = setUp();
    expect(search().isPending).toBe(true);
    await waitFor(() => expect(texts()).toEqual(['Tea at two']));
    expect(search()).toMatchObject({ isPending: false, isLocal: false, error: null, hasMore: true });
    act(() => search().loadMore());
    await waitFor(() => expect(texts()).toEqual(['Tea at two', 'tea at one']));
    expect(search().hasMore).toBe(false);
  });

  it('asks for as many as it can in a conversation, where they are counted', async () => {
    const { search } = setUp({ messageGroupUuid: 'group' });
    await waitFor(() => expect(search().isPending).toBe(false));
    expect(asked[0]).toMatchObject({ messageGroupUuid: 'group', limit: 50 });
  });

  it('asks nothing for a blank query', () => {
    const { search } = setUp({ query: ' "" ' });
    expect(search()).toMatchObject({ hits: [], isPending: false, isFetching: false, hasMore: false });
    expect(asked).toEqual([]);
  });

  it('asks once for what is typed fast, and keeps the hits that match meanwhile', async () => {
    const { texts, type, search } = setUp();
    await waitFor(() => expect(texts()).toEqual(['Tea at two']));
    type('tea a');
    type('tea at');
    expect(texts()).toEqual(['Tea at two']);
    expect(search().isFetching).toBe(true);
    await waitFor(() => expect(search().isFetching).toBe(false));
    expect(texts()).toEqual(['Tea at two']);
    expect(asked.map(({ query }) => query)).toEqual(['tea', 'tea at']);
  });

  it('shows nothing of the search before that does not match, and nothing that the answer could move', async () => {
    const { texts, type, edit, search } = setUp();
    await waitFor(() => expect(texts()).toEqual(['Tea at two']));
    edit((client) => void receiveMessage(client, ANDREW.uuid, makeMessage(3, { message: 'Cake' }), BAYKO));
    let goOn: () => void = () => undefined;
    answering = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    type('cake');
    await waitFor(() => expect(asked.at(-1)?.query).toBe('cake'));
    expect([texts(), search().isPending]).toEqual([[], true]);
    goOn();
    await waitFor(() => expect(texts()).toEqual(['Cake']));
  });

  it('shows loaded messages that are older than the found ones only once the server has searched so far', async () => {
    const { search, texts, edit } = setUp();
    edit((client) => void receiveMessage(client, ANDREW.uuid, makeMessage(0, { message: 'tea at noon' }), BAYKO));
    await waitFor(() => expect(texts()).toEqual(['Tea at two']));
    act(() => search().loadMore());
    await waitFor(() => expect(texts()).toEqual(['Tea at two', 'tea at one', 'tea at noon']));
  });

  it('asks nothing more for a blank at the end', async () => {
    const { texts, type, search } = setUp();
    await waitFor(() => expect(texts()).toEqual(['Tea at two']));
    type('tea ');
    expect(search().isFetching).toBe(false);
    type('tea at');
    await waitFor(() => expect(search().isFetching).toBe(false));
    expect(asked.map(({ query }) => query)).toEqual(['tea', 'tea at']);
  });

  it('finds nothing once the query is cleared', async () => {
    const { texts, type } = setUp();
    await waitFor(() => expect(texts()).toHaveLength(1));
    type('');
    expect(texts()).toEqual([]);
  });

  it('shows messages that arrive, are edited or deleted meanwhile as they are', async () => {
    const { texts, edit } = setUp();
    await waitFor(() => expect(texts()).toEqual(['Tea at two']));
    const arrived = makeMessage(3, { message: 'more tea' });
    edit((client) => void receiveMessage(client, ANDREW.uuid, arrived, BAYKO));
    await waitFor(() => expect(texts()).toEqual(['more tea', 'Tea at two']));
    edit((client) => void receiveChange(client, ANDREW.uuid, { ...arrived, message: 'more cake', version: 1 }));
    await waitFor(() => expect(texts()).toEqual(['Tea at two']));
    const gone = makeMessage(2, { message: '', deletedAt: at(4), version: 1 });
    edit((client) => void receiveChange(client, ANDREW.uuid, gone));
    await waitFor(() => expect(texts()).toEqual([]));
  });

  it('searches what the page has while there is no network, and asks the server once there is', async () => {
    const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    const { search, texts, edit } = setUp();
    edit((client) => void receiveMessage(client, ANDREW.uuid, makeMessage(3, { message: 'more tea' }), BAYKO));
    await waitFor(() => expect(texts()).toEqual(['more tea']));
    expect(search()).toMatchObject({ isLocal: true, isPending: false, hasMore: false });
    expect(asked).toEqual([]);
    onLine.mockReturnValue(true);
    act(() => void window.dispatchEvent(new Event('online')));
    await waitFor(() => expect(texts()).toEqual(['more tea', 'Tea at two']));
    expect(search().isLocal).toBe(false);
  });

  it('shows what is loaded page by page too, for each search from the first one', async () => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    const { search, texts, type, edit } = setUp();
    edit((client) => {
      for (const minutes of range(1, 60)) {
        receiveMessage(client, ANDREW.uuid, makeMessage(minutes, { message: `tea ${minutes}` }), BAYKO);
      }
    });
    await waitFor(() => expect(texts()).toHaveLength(50));
    expect([texts()[0], search().hasMore]).toEqual(['tea 60', true]);
    act(() => search().loadMore());
    expect([texts().at(-1), search().hasMore]).toEqual(['tea 1', false]);
    type('te');
    await waitFor(() => expect(texts()).toHaveLength(50));
  });

  it('reports a refusal, and asks again when that is requested', async () => {
    refusal = { reason: 'input_invalid' };
    const { search, texts } = setUp();
    await waitFor(() => expect(search().error).not.toBeNull());
    expect(search().isPending).toBe(false);
    refusal = null;
    act(() => search().refetch());
    await waitFor(() => expect(texts()).toEqual(['Tea at two']));
    expect(search().error).toBeNull();
  });
});
