import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type AccessTokens, createLinks } from './links.ts';
import { createQueryClient } from './query-client.ts';
import { observingFetch, type ServerClock } from './server-clock.ts';
import { trpc } from './trpc.ts';

export interface ApiProviderProps {
  tokens: AccessTokens;
  clock: ServerClock;
  onSessionOver: () => void;
  children: ReactNode;
}

/** The typed client and its cache. Keyed by person: the next one begins with an empty cache. */
export function ApiProvider({ tokens, clock, onSessionOver, children }: ApiProviderProps) {
  const [queryClient] = useState(() => createQueryClient(onSessionOver));
  const [client] = useState(() =>
    trpc.createClient({
      links: createLinks(
        tokens,
        observingFetch(clock, Date.now, (...args) => fetch(...args)),
      ),
    }),
  );
  return (
    <trpc.Provider client={client} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    </trpc.Provider>
  );
}
