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
import { contactLink } from './contact-link.ts';
import type { ServerContact } from './server-contact.ts';
import { createTraceparent } from './traceparent.ts';

/** Where access tokens come from. */
export interface AccessTokens {
  /** The current token, refreshed if it has expired; `null` when signed out. */
  get(): Promise<string | null>;
  /** Makes the next `get` refresh, whatever the token's own expiry says. */
  expire(): void;
}

const URL = '/trpc';
/** Most calls in one request. The server's limits on URL and body are sized for it. */
const MAX_BATCH = 10;
const MAX_URL_LENGTH = 4000;

/** The context of a call that must go out even if the page closes at the same moment. */
export const OUTLIVES_PAGE = { outlivesPage: true } as const;

/**
 * The links that every call passes. A call without an answer ends after `CALL_TIMEOUT_MS`; the event stream has its
 * own limits. If the server reports an expired token, it is refreshed once and the call retried.
 *
 * Batches do not stream: calls made together are few and equally fast, and an answer keeps its status code.
 */
export function createLinks(
  tokens: AccessTokens,
  fetch: typeof globalThis.fetch,
  contact: ServerContact,
): TRPCLink<AppRouter>[] {
  const headersOfRequest = async (): Promise<Record<string, string>> => {
    const token = await tokens.get();
    const traceparent = createTraceparent();
    return token === null ? { traceparent } : { traceparent, authorization: `Bearer ${token}` };
  };
  return [
    // Logs each call with its input and answer to the browser's console.
    ...(import.meta.env.MODE === 'development' ? [loggerLink<AppRouter>()] : []),
    splitLink<AppRouter>({
      condition: ({ type }) => type === 'subscription',
      // The browser's own EventSource sends no headers, and a token in the URL would end up in logs.
      true: httpSubscriptionLink<AppRouter, typeof EventSource>({
        url: URL,
        EventSource,
        eventSourceOptions: {
          fetch: async (url, init) =>
            fetch(url, { ...init, headers: { ...init.headers, ...(await headersOfRequest()) } } as RequestInit),
        },
      }),
      false: [
        contactLink<AppRouter>(contact),
        retryLink<AppRouter>({
          retry({ error, attempts }) {
            if (attempts > 1 || errorReason(error) !== 'token_expired') return false;
            tokens.expire();
            return true;
          },
        }),
        splitLink<AppRouter>({
          condition: ({ context }) => context.outlivesPage === true,
          // Not in a batch, which waits for a timer: a page that is closing runs no timers.
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
