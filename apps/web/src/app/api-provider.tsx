import { onlineManager, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { ContactContext } from '../trpc/contact-context.ts';
import { type AccessTokens, createLinks } from '../trpc/links.ts';
import { createQueryClient } from '../trpc/query-client.ts';
import { observeDate, observingFetch, type ServerClock } from '../trpc/server-clock.ts';
import { createServerContact, type ServerContact } from '../trpc/server-contact.ts';
import { trpc } from '../trpc/trpc.ts';
import { schedule } from '../ui/schedule.ts';
import { ClockContext } from '../ui/use-now.ts';
import { DevTools } from './dev-tools.tsx';
import { type Ahead, type FirstAnswers, NOTHING_AHEAD } from './prefetch.ts';
import { seedCache } from './seed-cache.ts';

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
  const [{ client, queryClient, contact }] = useState(() => {
    const contact = createServerContact({ isOnline: () => navigator.onLine, schedule });
    const observed = observingFetch(clock, Date.now, (...args) => fetch(...args));
    const client = trpc.createClient({ links: createLinks(tokens, ahead.take(observed), contact) });
    const queryClient = createQueryClient(onSessionOver);
    if (firstAnswers) {
      seedCache(queryClient, client, firstAnswers);
      observeDate(clock, firstAnswers);
    }
    return { client, queryClient, contact };
  });
  useNetworkChanges(contact);
  return (
    <trpc.Provider client={client} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>
        <ContactContext value={contact}>
          <ClockContext value={clock.now}>{children}</ClockContext>
        </ContactContext>
        <DevTools />
      </QueryClientProvider>
    </trpc.Provider>
  );
}

function useNetworkChanges(contact: ServerContact): void {
  useEffect(() => {
    const { networkChanged } = contact;
    window.addEventListener('online', networkChanged);
    window.addEventListener('offline', networkChanged);
    // The browser may say that there is no network although calls are answered: queries need not wait then.
    const stop = contact.subscribe(() => onlineManager.setOnline(contact.state() !== 'offline'));
    return () => {
      window.removeEventListener('online', networkChanged);
      window.removeEventListener('offline', networkChanged);
      stop();
    };
  }, [contact]);
}
