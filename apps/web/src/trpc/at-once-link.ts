import type { AppRouter } from '@cruddur/server';
import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { API_URL, type RequestHeaders } from './request.ts';

/** The context of a mutation that is sent in a separate request, in the task that calls it. */
export const AT_ONCE = { atOnce: true } as const;

/** The context of a mutation that must be sent even if the page is closing. */
export const OUTLIVES_PAGE = { ...AT_ONCE, keepalive: true } as const;

/**
 * Calls `fetch` before the call returns, unless the token must be refreshed. tRPC's `httpBatchLink` waits for a timer, and its
 * `httpLink` for microtasks, which come after React has rendered: a message left the page 20 ms after its key.
 *
 * @param headers - a promise if the token must be refreshed
 */
export function atOnceLink(
  fetch: typeof globalThis.fetch,
  headers: () => RequestHeaders | Promise<RequestHeaders>,
): TRPCLink<AppRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        const call = new AbortController();
        const post = (known: RequestHeaders) =>
          fetch(`${API_URL}/${op.path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...known },
            body: JSON.stringify(op.input),
            keepalive: op.context.keepalive === true,
            signal: call.signal,
          });
        const receive = async (response: Response) => {
          const answer = await response.json();
          const meta = { response };
          if (!('result' in answer)) throw TRPCClientError.from(answer, { meta });
          observer.next({ context: meta, result: { type: 'data', ...answer.result } });
          observer.complete();
        };
        const known = headers();
        const response = known instanceof Promise ? known.then(post) : post(known);
        response.then(receive).catch((cause) => observer.error(TRPCClientError.from(cause)));
        return () => call.abort();
      });
}
