import type { AppRouter } from '@cruddur/server';
import { createTRPCClient } from '@trpc/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { errorReason, isSessionOver } from './api-error.ts';
import { AT_ONCE, OUTLIVES_PAGE } from './at-once-link.ts';
import { type AccessTokens, createLinks } from './links.ts';
import { ServerContact } from './server-contact.ts';
import { createStreamLink } from './stream-link.ts';

const contact = new ServerContact(() => true);

const ME = { uuid: '1', handle: 'andrewbrown', displayName: 'Andrew Brown', serverTime: '2026-11-20T08:00:00Z' };
const refusal = (reason: string) => ({
  error: { message: reason, code: -32001, data: { code: 'UNAUTHORIZED', httpStatus: 401, reason } },
});

/** A client of a server that accepts the tokens in `good` and refuses all others as expired. */
function setUp(good: string[], reason = 'token_expired') {
  const used: (string | null)[] = [];
  const urls: string[] = [];
  const traces: (string | null)[] = [];
  let generation = 0;
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    const url = input instanceof Request ? input.url : String(input);
    urls.push(url);
    const token = new Headers(init?.headers).get('authorization');
    used.push(token);
    traces.push(new Headers(init?.headers).get('traceparent'));
    const count = url.split('?')[0]?.split(',').length ?? 1;
    const answer = token && good.includes(token) ? { result: { data: ME } } : refusal(reason);
    return Response.json(Array.from({ length: count }, () => answer));
  };
  const tokens = {
    get: async () => `token-${generation}`,
    expire: () => {
      generation++;
    },
  };
  const client = createTRPCClient<AppRouter>({ links: createLinks(tokens, fetch, contact) });
  return { client, used, urls, traces };
}

describe('createLinks', () => {
  it('reads the token for each request', async () => {
    const { client, used } = setUp(['Bearer token-0']);
    await client.users.me.query();
    expect(used).toEqual(['Bearer token-0']);
  });

  it('refreshes a token once if the server reports it as expired, and retries the call', async () => {
    const { client, used } = setUp(['Bearer token-1']);
    expect((await client.users.me.query()).handle).toBe('andrewbrown');
    expect(used).toEqual(['Bearer token-0', 'Bearer token-1']);
  });

  it('fails if the fresh token is refused too', async () => {
    const { client, used } = setUp([]);
    const error: unknown = await client.users.me.query().catch((failure: unknown) => failure);
    expect(isSessionOver(error)).toBe(true);
    expect(used).toHaveLength(2);
  });

  it('does not refresh for a token that is invalid', async () => {
    const { client, used } = setUp([], 'token_invalid');
    await expect(client.users.me.query()).rejects.toThrow('token_invalid');
    expect(used).toHaveLength(1);
  });

  it('puts at most ten calls into one request', async () => {
    const { client, urls } = setUp(['Bearer token-0']);
    await Promise.all(Array.from({ length: 25 }, () => client.users.me.query()));
    expect(urls.map((url) => url.split('?')[0]?.split(',').length)).toEqual([10, 10, 5]);
  });

  it('begins a trace with each request', async () => {
    const { client, traces } = setUp(['Bearer token-1']);
    await client.users.me.query();
    expect(traces).toHaveLength(2);
    expect(new Set(traces).size).toBe(2);
    for (const trace of traces) expect(trace).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });
});

describe('a call that gets no answer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Calls `users.me`, and lets 15 seconds pass. */
  async function callFor15s(tokens: AccessTokens, fetch: typeof globalThis.fetch) {
    const client = createTRPCClient<AppRouter>({ links: createLinks(tokens, fetch, contact) });
    const ended = vi.fn();
    void client.users.me.query().catch((error: unknown) => ended(errorReason(error)));
    await vi.advanceTimersByTimeAsync(14_000);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_000);
    return ended;
  }
  const tokens = { get: async () => 'token', expire: () => undefined };

  it('ends after 15 seconds and closes its connection, whether the headers or the body are missing', async () => {
    const signals: (AbortSignal | null | undefined)[] = [];
    const silent = (body?: ReadableStream) => async (_input: RequestInfo | URL, init?: RequestInit) => {
      signals.push(init?.signal);
      return body === undefined ? new Promise<Response>(() => undefined) : new Response(body);
    };
    for (const fetch of [silent(), silent(new ReadableStream())]) {
      expect(await callFor15s(tokens, fetch)).toHaveBeenCalledWith('no_answer');
    }
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
  });

  it('ends after 15 seconds without a token', async () => {
    const fetch = vi.fn();
    const without = { get: () => new Promise<string>(() => undefined), expire: () => undefined };
    expect(await callFor15s(without, fetch)).toHaveBeenCalledWith('no_answer');
    expect(fetch).not.toHaveBeenCalled();
  });

  it('does not shorten the 15 seconds of a later call', async () => {
    const fetch = vi.fn(async () => new Promise<Response>(() => undefined));
    const client = createTRPCClient<AppRouter>({ links: createLinks(tokens, fetch, contact) });
    const ended = vi.fn();
    void client.users.me.query().catch(ended);
    await vi.advanceTimersByTimeAsync(10_000);
    void client.users.me.query().catch(ended);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(ended).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ended).toHaveBeenCalledTimes(2);
    expect(fetch).toHaveBeenCalledTimes(2);
  });
});

describe('the contact with the server', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A page that does not reach the server yet, and calls `users.me`. */
  async function callWith(fetch: typeof globalThis.fetch, abortAfterMs?: number) {
    const contact = new ServerContact(() => true);
    const tokens = { get: async () => 'token', expire: () => undefined };
    const client = createTRPCClient<AppRouter>({ links: createLinks(tokens, fetch, contact) });
    const abort = new AbortController();
    if (abortAfterMs !== undefined) setTimeout(() => abort.abort(), abortAfterMs);
    else {
      contact.callStarted();
      await vi.advanceTimersByTimeAsync(8_000);
      expect(contact.state()).toBe('unreachable');
    }
    void client.users.me.query(undefined, { signal: abort.signal }).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(abortAfterMs === undefined ? 1_000 : 8_000);
    return contact.state();
  }

  it('is proved by a refusal, but not by a call that fails without an answer', async () => {
    const refuse = async () => Response.json([refusal('handle_taken')]);
    expect(await callWith(refuse)).toBe('ok');
    expect(await callWith(() => Promise.reject(new TypeError('Failed to fetch')))).toBe('unreachable');
  });

  it('is not lost because the page cancels a call', async () => {
    const silent = (_input: RequestInfo | URL, init?: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      });
    expect(await callWith(silent, 1_000)).toBe('ok');
  });

  it('counts the end of each call once', async () => {
    const contact = new ServerContact(() => true);
    const ends: string[] = [];
    vi.spyOn(contact, 'callStarted').mockImplementation(() => (end) => void ends.push(end));
    const tokens = { get: async () => 'token', expire: () => undefined };
    const fetch = async () => Response.json([{ result: { data: ME } }]);
    const client = createTRPCClient<AppRouter>({ links: createLinks(tokens, fetch, contact) });
    void client.users.me.query();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ends).toEqual(['answered']);
  });
});

describe('a call that outlives the page', () => {
  it('is sent before any timer runs, and is not cancelled with the page', async () => {
    vi.useFakeTimers();
    const kept: (boolean | undefined)[] = [];
    const marker = { messageGroupUuid: 'g', userUuid: '1', readAt: '2026-11-20T08:00:00.000000Z' };
    const fetch = async (_input: RequestInfo | URL, init?: RequestInit) => {
      kept.push(init?.keepalive);
      return Response.json({ result: { data: marker } });
    };
    const tokens = { get: () => 'token', expire: () => undefined };
    const client = createTRPCClient<AppRouter>({ links: createLinks(tokens, fetch, contact) });
    const input = { messageGroupUuid: 'g', createdAt: marker.readAt };
    expect(await client.messageGroups.markRead.mutate(input, { context: OUTLIVES_PAGE })).toEqual(marker);
    expect(kept).toEqual([true]);
    vi.useRealTimers();
  });
});

describe('a call that is sent at once', () => {
  const message = { clientMessageUuid: '1', messageGroupUuid: 'g', message: 'Hello' };
  const connect = (fetch: typeof globalThis.fetch, tokens: AccessTokens) =>
    createTRPCClient<AppRouter>({ links: createLinks(tokens, fetch, contact) });
  const createAtOnce = (client: ReturnType<typeof connect>) =>
    client.messages.create.mutate(message, { context: AT_ONCE }).catch(errorReason);

  it('has called `fetch` when the call returns', async () => {
    const fetch = vi.fn(async (_input: RequestInfo | URL, _init?: RequestInit) =>
      Response.json({ result: { data: message } }),
    );
    const answer = createAtOnce(connect(fetch, { get: () => 'token', expire: () => undefined }));
    expect(fetch).toHaveBeenCalledOnce();
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect([url, init?.method, JSON.parse(init?.body as string)]).toEqual(['/trpc/messages.create', 'POST', message]);
    expect(init?.headers).toMatchObject({ authorization: 'Bearer token', 'content-type': 'application/json' });
    expect(await answer).toEqual(message);
  });

  it('waits for a token that must be refreshed, and retries with a fresh one', async () => {
    const used: (string | null)[] = [];
    const fetch = async (_input: RequestInfo | URL, init?: RequestInit) => {
      used.push(new Headers(init?.headers).get('authorization'));
      return used.length === 1 ? Response.json(refusal('token_expired')) : Response.json({ result: { data: message } });
    };
    let generation = 0;
    const client = connect(fetch, { get: async () => `token-${generation}`, expire: () => generation++ });
    expect(await createAtOnce(client)).toEqual(message);
    expect(used).toEqual(['Bearer token-0', 'Bearer token-1']);
  });

  it.each([
    ['a refusal', async () => Response.json(refusal('message_group_not_found')), 'message_group_not_found'],
    ['no answer', () => Promise.reject(new TypeError('Failed to fetch')), 'no_answer'],
    ['an answer of another server', async () => new Response('Bad gateway', { status: 502 }), 'no_answer'],
    ['an answer that is not tRPC’s', async () => Response.json('?'), 'no_answer'],
  ])('rejects after %s', async (_name, fetch, reason) => {
    expect(await createAtOnce(connect(fetch, { get: () => 'token', expire: () => undefined }))).toBe(reason);
  });

  it('keeps the response of a refusal, whose headers have the server’s time', async () => {
    const response = Response.json(refusal('client_message_uuid_from_future'));
    const client = connect(async () => response, { get: () => 'token', expire: () => undefined });
    const call = client.messages.create.mutate(message, { context: AT_ONCE });
    await expect(call).rejects.toMatchObject({ meta: { response } });
  });
});

describe('a subscription', () => {
  /** A server that sends `caught_up` to every subscriber and then ends the response. */
  function setUpStream() {
    const requests: { url: string; authorization: string | null; accept: string | null }[] = [];
    let generation = 0;
    const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
      const headers = new Headers(init?.headers);
      requests.push({
        url: input instanceof Request ? input.url : input.toString(),
        authorization: headers.get('authorization'),
        accept: headers.get('accept'),
      });
      const event = JSON.stringify({ type: 'caught_up', isComplete: true });
      const body = `event: connected\ndata: {}\n\ndata: ${event}\nid: 17\n\n`;
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    };
    const tokens = { get: async () => `token-${generation++}`, expire: () => undefined };
    vi.stubGlobal('document', { baseURI: 'http://page/' });
    return { client: createTRPCClient<AppRouter>({ links: createLinks(tokens, fetch, contact) }), requests };
  }

  it('sends a fresh token in its header at each opening, and never in its URL', async () => {
    const { client, requests } = setUpStream();
    for (const lastEventId of [undefined, '17']) {
      const event = await new Promise((resolve, reject) => {
        const subscription = client.events.subscribe.subscribe(
          { lastEventId },
          {
            context: { createStreamLink },
            onData: (data) => {
              subscription.unsubscribe();
              resolve(data);
            },
            onError: reject,
          },
        );
      });
      expect(event).toEqual({ id: '17', data: { type: 'caught_up', isComplete: true } });
    }
    expect(requests.map(({ authorization }) => authorization)).toEqual(['Bearer token-0', 'Bearer token-1']);
    expect(requests.every(({ accept }) => accept === 'text/event-stream')).toBe(true);
    expect(requests.map(({ url }) => decodeURIComponent(url))).toEqual([
      'http://page/trpc/events.subscribe?input={}',
      'http://page/trpc/events.subscribe?input={"lastEventId":"17"}',
    ]);
    vi.unstubAllGlobals();
  });
});
