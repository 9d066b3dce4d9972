import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { backoff } from '../time/backoff.ts';
import { isPassing, retryAfterMs } from '../trpc/api-error.ts';
import { useTRPC } from '../trpc/trpc.ts';

/**
 * The signed-in person. The first call after sign-up creates their row. Retries until the server answers, within one
 * fetch, so that the last failure stays known meanwhile.
 */
export function useMe() {
  const trpc = useTRPC();
  return useQuery(
    trpc.users.me.queryOptions(undefined, {
      retry: (_count, error) => isPassing(error),
      retryDelay: (count, error) => backoff(count + 1, { maxMs: 5_000, retryAfterMs: retryAfterMs(error) }),
    }),
  );
}

/** People by the beginning of a handle or of a word of a name. */
export function useUserSearch(text: string) {
  const trpc = useTRPC();
  return useQuery(
    trpc.users.search.queryOptions(text === '' ? skipToken : { query: text }, {
      staleTime: 30_000,
      // Keep the people that were found while the next letters are looked up.
      placeholderData: keepPreviousData,
    }),
  );
}

export function useUserShort(handle: string | undefined) {
  const trpc = useTRPC();
  return useQuery(trpc.users.short.queryOptions(handle === undefined ? skipToken : { handle }));
}
