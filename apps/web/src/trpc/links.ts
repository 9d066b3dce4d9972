import type { AppRouter } from '@cruddur/server';
import { httpBatchLink, loggerLink, retryLink, splitLink, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { errorReason } from './api-error.ts';
import { atOnceLink } from './at-once-link.ts';
import { API_URL, CALL_TIMEOUT_MS, type RequestHeaders, requestHeaders } from './request.ts';
import type { CallEnd, ServerContact } from './server-contact.ts';

export interface AccessTokens {
  /** The current token; `null` when signed out. A promise if it must be refreshed. */
  get(): string | Promise<string | null>;
  /** Makes the next `get` refresh, whatever the token's expiry. */
  expire(): void;
}

type Headers = () => RequestHeaders | Promise<RequestHeaders>;

/** Creates the link of a subscription (`stream-link.ts`). */
export type CreateStreamLink = (fetch: typeof globalThis.fetch, headers: Headers) => TRPCLink<AppRouter>;

/** The context of a subscription. The caller brings the link: 5 kB, gzipped, that a first thread does not need. */
export interface StreamContext {
  createStreamLink: CreateStreamLink;
}

/** The links that every call passes. If the server reports an expired token, it is refreshed once and the call retried. */
export function createLinks(tokens: AccessTokens, fetch: typeof globalThis.fetch, contact: ServerContact) {
  const headers: Headers = () => {
    const token = tokens.get();
    return token instanceof Promise ? token.then(requestHeaders) : requestHeaders(token);
  };
  return [
    ...(import.meta.env.MODE === 'development' ? [loggerLink<AppRouter>()] : []),
    splitLink<AppRouter>({
      condition: ({ type }) => type === 'subscription',
      true: (runtime) => (call) => {
        const { createStreamLink } = call.op.context as unknown as StreamContext;
        return createStreamLink(fetch, headers)(runtime)(call);
      },
      false: [
        contactLink(contact),
        retryLink<AppRouter>({
          retry({ error, attempts }) {
            if (attempts > 1 || errorReason(error) !== 'token_expired') return false;
            tokens.expire();
            return true;
          },
        }),
        splitLink<AppRouter>({
          condition: ({ context }) => context.atOnce === true,
          // Not in a batch, which waits for a timer: a page that is closing runs no timers.
          true: atOnceLink(fetch, headers),
          // The server's limits on URL and body are sized for these.
          false: httpBatchLink<AppRouter>({ url: API_URL, maxItems: 10, maxURLLength: 4000, fetch, headers }),
        }),
      ],
    }),
  ];
}

/** Reports whether calls are answered, and ends those that are not. The event stream has its own limits. */
function contactLink(contact: ServerContact): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const ended = contact.callStarted();
        let isOver = false;
        const end = (how: CallEnd) => {
          if (isOver) return;
          isOver = true;
          clearTimeout(timer);
          ended(op.signal?.aborted ? 'dropped' : how);
        };
        const timer = setTimeout(() => {
          end('unanswered');
          call.unsubscribe();
          observer.error(new TRPCClientError(`no answer within ${CALL_TIMEOUT_MS} ms`));
        }, CALL_TIMEOUT_MS);
        const call = next(op).subscribe({
          next(answer) {
            end('answered');
            observer.next(answer);
          },
          error(error) {
            end(errorReason(error) === 'no_answer' ? 'unanswered' : 'answered');
            observer.error(error);
          },
          complete: () => observer.complete(),
        });
        return () => {
          end('dropped');
          call.unsubscribe();
        };
      });
}
