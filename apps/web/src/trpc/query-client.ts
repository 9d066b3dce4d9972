import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { backoff } from '../time/backoff.ts';
import { isPassing, isSessionOver, retryAfterMs } from './api-error.ts';

/** @param onSessionOver - called when the server refuses the person's token */
export function createQueryClient(onSessionOver: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (isSessionOver(error)) onSessionOver();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // Lists keep themselves current by their newest page; refetching every loaded page would read all of them again.
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        // One try even if the browser says that there is no network: it may be wrong.
        networkMode: 'offlineFirst',
        // If the server asks to wait, the person sees so and tries again: nothing is asked for in the meantime.
        retryDelay: (count) => backoff(count + 1),
        retry: (count, error) => count < 2 && isPassing(error) && retryAfterMs(error) === 0,
      },
      // The outbox knows when to send again, and when the network is away.
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
