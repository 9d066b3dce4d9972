import type { AppRouter } from '@cruddur/server';
import {
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  loggerLink,
  retryLink,
  splitLink,
  type TRPCLink,
} from '@trpc/client';
import { EventSource } from 'eventsource';
import { errorReason } from './api-error.ts';
import { createTraceparent } from './traceparent.ts';

/** Where access tokens come from. */
export interface AccessTokens {
  /** The token of the moment, refreshed where it has run out; `null` when signed out. */
  get(): Promise<string | null>;
  /** Makes the next `get` refresh, whatever the token's own expiry says. */
  expire(): void;
}

const URL = '/trpc';
/** Most calls in one request: what the server's limits on URL and body are sized for. */
const MAX_BATCH = 10;
const MAX_URL_LENGTH = 4000;

/** The context of a call that is made even where the page goes away in the same moment. */
export const OUTLIVES_PAGE = { outlivesPage: true } as const;

/**
 * The way of a call: a token that the server calls expired is refreshed once, and the call made again.
 *
 * Batches without streaming: the calls of one moment are few and equally fast, and an answer keeps its status code.
 */
export function createLinks(tokens: AccessTokens, fetch: typeof globalThis.fetch): TRPCLink<AppRouter>[] {
  const headersOfRequest = async (): Promise<Record<string, string>> => {
    const token = await tokens.get();
    const traceparent = createTraceparent();
    return token === null ? { traceparent } : { traceparent, authorization: `Bearer ${token}` };
  };
  return [
    // In the browser's console, each call with its input and answer.
    ...(import.meta.env.MODE === 'development' ? [loggerLink<AppRouter>()] : []),
    splitLink<AppRouter>({
      condition: ({ type }) => type === 'subscription',
      // The browser's own EventSource sends no header, and in an address a token would end up in logs.
      true: httpSubscriptionLink<AppRouter, typeof EventSource>({
        url: URL,
        EventSource,
        eventSourceOptions: {
          fetch: async (url, init) =>
            fetch(url, { ...init, headers: { ...init.headers, ...(await headersOfRequest()) } } as RequestInit),
        },
      }),
      false: [
        retryLink<AppRouter>({
          retry({ error, attempts }) {
            if (attempts > 1 || errorReason(error) !== 'token_expired') return false;
            tokens.expire();
            return true;
          },
        }),
        splitLink<AppRouter>({
          condition: ({ context }) => context.outlivesPage === true,
          // By itself: a batch waits for a timer, and a page that goes away runs none.
          true: httpLink<AppRouter>({
            url: URL,
            fetch: (url, init) => fetch(url, { ...(init as RequestInit), keepalive: true }),
            headers: headersOfRequest,
          }),
          false: httpBatchLink<AppRouter>({
            url: URL,
            maxItems: MAX_BATCH,
            maxURLLength: MAX_URL_LENGTH,
            fetch,
            headers: headersOfRequest,
          }),
        }),
      ],
    }),
  ];
}
