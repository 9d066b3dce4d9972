import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Ahead, type FirstAnswers, NOTHING_AHEAD } from './answer-ahead.ts';
import { DevTools } from './dev-tools.tsx';
import { type AccessTokens, createLinks } from './links.ts';
import { createQueryClient } from './query-client.ts';
import { seedCache } from './seed-cache.ts';
import { observeDate, observingFetch, type ServerClock } from './server-clock.ts';
import { trpc } from './trpc.ts';

export interface ApiProviderProps {
  tokens: AccessTokens;
  clock: ServerClock;
  /** Prefetched answers for the first request. */
  ahead?: Ahead;
  /** The initial content of the cache. */
  firstAnswers?: FirstAnswers | undefined;
  onSessionOver: () => void;
  children: ReactNode;
}

/** The typed client and its cache. Keyed by person: another person starts with an empty cache. */
export function ApiProvider({
  tokens,
  clock,
  ahead = NOTHING_AHEAD,
  firstAnswers,
  onSessionOver,
  children,
}: ApiProviderProps) {
  const [{ client, queryClient }] = useState(() => {
    const observed = observingFetch(clock, Date.now, (...args) => fetch(...args));
    const client = trpc.createClient({ links: createLinks(tokens, ahead.take(observed)) });
    const queryClient = createQueryClient(onSessionOver);
    if (firstAnswers) {
      seedCache(queryClient, client, firstAnswers);
      observeDate(clock, firstAnswers);
    }
    return { client, queryClient };
  });
  return (
    <trpc.Provider client={client} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>
        {children}
        <DevTools />
      </QueryClientProvider>
    </trpc.Provider>
  );
}
