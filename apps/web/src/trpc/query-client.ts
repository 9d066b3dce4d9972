import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { backoff } from '../time/backoff.ts';
import { isPassing, isSessionOver, retryAfterMs } from './api-error.ts';

/** @param onSessionOver - called when the server refuses the token */
export function createQueryClient(onSessionOver: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (isSessionOver(error)) onSessionOver();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // Events keep lists current; a refetch would read every loaded page again.
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        // One attempt even if the browser reports no network: it may be wrong.
        networkMode: 'offlineFirst',
        // If the server asks to wait, the person sees that and retries by hand.
        retryDelay: (count) => backoff(count + 1),
        retry: (count, error) => count < 2 && isPassing(error) && retryAfterMs(error) === 0,
      },
      // The outbox knows when to send again, and when the network is away.
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
