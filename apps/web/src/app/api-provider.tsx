import { onlineManager, type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient } from '@trpc/client';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { learnStates } from '../cache/learn-states.ts';
import { type AccessTokens, createLinks } from '../trpc/links.ts';
import { createQueryClient } from '../trpc/query-client.ts';
import { observingFetch, type ServerClock } from '../trpc/server-clock.ts';
import { ContactContext, ServerContact } from '../trpc/server-contact.ts';
import { TRPCProvider } from '../trpc/trpc.ts';
import { onOnlineChange } from '../ui/browser.ts';
import { ClockContext } from '../ui/timers.ts';
import type { Prefetched } from './prefetch.ts';

interface ApiProviderProps {
  tokens: AccessTokens;
  clock: ServerClock;
  prefetched?: Prefetched;
  /** Fills the cache with what an earlier visit of this person has stored. */
  restore?: ((client: QueryClient) => void) | undefined;
  onSessionOver: () => void;
  children: ReactNode;
}

// Vite replaces the mode when it builds: a production build has neither this import nor its chunk.
const QueryDevtools =
  import.meta.env.MODE === 'development'
    ? lazy(async () => ({ default: (await import('@tanstack/react-query-devtools')).ReactQueryDevtools }))
    : undefined;

/** The typed client and its cache. Keyed by person: another person starts with another cache. */
export function ApiProvider({ tokens, clock, prefetched, restore, onSessionOver, children }: ApiProviderProps) {
  const [{ client, queryClient, contact }] = useState(() => {
    const contact = new ServerContact(() => navigator.onLine);
    const observed = observingFetch(clock, Date.now, (...args) => fetch(...args));
    const client = createTRPCClient({ links: createLinks(tokens, prefetched?.(observed) ?? observed, contact) });
    const queryClient = createQueryClient(onSessionOver);
    learnStates(queryClient);
    restore?.(queryClient);
    return { client, queryClient, contact };
  });
  useNetworkChanges(contact);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        <ContactContext value={contact}>
          <ClockContext value={clock.now}>{children}</ClockContext>
        </ContactContext>
        {QueryDevtools ? (
          // At the edge of a wide page, where the button covers no control.
          <div className="fixed top-2/5 right-4 max-xl:hidden">
            <Suspense>
              <QueryDevtools buttonPosition="relative" />
            </Suspense>
          </div>
        ) : null}
      </TRPCProvider>
    </QueryClientProvider>
  );
}

function useNetworkChanges(contact: ServerContact): void {
  useEffect(() => {
    const stopListening = onOnlineChange(() => contact.networkChanged());
    // The browser may report no network although calls are answered: queries need not wait then.
    const stop = contact.subscribe(() => onlineManager.setOnline(contact.state() !== 'offline'));
    return () => {
      stopListening();
      stop();
    };
  }, [contact]);
}
