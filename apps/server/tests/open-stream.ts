import { createTRPCClient, httpSubscriptionLink, type TRPCClientError } from '@trpc/client';
import type { inferRouterOutputs } from '@trpc/server';
import { EventSource } from 'eventsource';
import { v7 } from 'uuid';
import { expect } from 'vitest';
import type { EventBus } from '../src/live/event-bus.ts';
import type { LiveEvent } from '../src/live/live-event.ts';
import type { AppRouter } from '../src/router.ts';

type Tracked = inferRouterOutputs<AppRouter>['events']['subscribe'] extends AsyncIterable<infer Item> ? Item : never;

/** A stream as a page opens it, with the token in a header. */
export interface TestStream {
  events: LiveEvent[];
  /** The id of the newest event. */
  lastId: () => string | undefined;
  /** The error that the server ended it with. */
  error: () => TRPCClientError<AppRouter> | undefined;
  texts: () => string[];
  close: () => void;
}

/** Opens a stream, and waits until it has caught up. */
export async function openStream(
  url: string,
  accessToken: string,
  options: { lastEventId?: string | undefined; isAwaited?: boolean } = {},
): Promise<TestStream> {
  const client = createTRPCClient<AppRouter>({
    links: [
      httpSubscriptionLink({
        url: `${url}/trpc`,
        EventSource,
        eventSourceOptions: () => ({
          fetch: (input: string | URL, init: RequestInit) =>
            fetch(input, { ...init, headers: withToken(init.headers, accessToken) }),
        }),
      }),
    ],
  });
  const events: LiveEvent[] = [];
  let lastId: string | undefined;
  let error: TRPCClientError<AppRouter> | undefined;
  const { promise: settled, resolve } = deferred();
  const subscription = client.events.subscribe.subscribe(
    { lastEventId: options.lastEventId ?? null },
    {
      onData({ id, data }: Tracked) {
        lastId = id;
        events.push(data);
        if (data.type === 'caught_up') resolve();
      },
      onError(thrown) {
        error = thrown;
        resolve();
      },
    },
  );
  if (options.isAwaited ?? true) await settled;
  return {
    events,
    lastId: () => lastId,
    error: () => error,
    texts: () => events.flatMap((event) => (event.type === 'message' ? event.message.message : [])),
    close: () => subscription.unsubscribe(),
  };
}

/**
 * Opens a stream without what was published before: that may still arrive once the stream has caught up. Events arrive in the order
 * in which they were published.
 */
export async function openFreshStream(
  bus: Pick<EventBus, 'publish'>,
  url: string,
  person: { uuid: string; accessToken: string },
): Promise<TestStream> {
  const stream = await openStream(url, person.accessToken);
  const messageGroupUuid = v7();
  await bus.publish({ type: 'typing', messageGroupUuid, userUuid: person.uuid, toUuid: person.uuid });
  const isMark = (event: LiveEvent) => event.type === 'typing' && event.messageGroupUuid === messageGroupUuid;
  await expect.poll(() => stream.events.some(isMark)).toBe(true);
  stream.events.length = 0;
  return stream;
}

function withToken(init: RequestInit['headers'], accessToken: string): Headers {
  const headers = new Headers(init);
  headers.set('authorization', `Bearer ${accessToken}`);
  return headers;
}

function deferred() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
