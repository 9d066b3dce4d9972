import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useEffectEvent, useState } from 'react';
import { HEADS_KEY } from '../cache/live-state.ts';
import { useSessionStore } from '../session/session-store.ts';
import { useContact } from '../trpc/server-contact.ts';
import { trpc } from '../trpc/trpc.ts';
import type { LiveEvent } from '../trpc/types.ts';
import { isVisible } from '../ui/browser.ts';
import { useLasting } from '../ui/timers.ts';
import { ReconnectingStream, type Subscriber } from './event-stream.ts';

/** After this long without a stream the page polls, in milliseconds. */
const AWAY_MS = 4_000;

export const StreamAwayContext = createContext(false);

/** Whether the event stream has been away for some seconds, so that the page must poll. */
export const useStreamAway = (): boolean => useContext(StreamAwayContext);

/** Keeps a stream of the person's events open. Returns whether it has been away for some seconds. */
export function useEventStream(
  onEvent: (event: LiveEvent, isOpen: boolean, signal: AbortSignal) => Promise<void> | undefined,
): boolean {
  const { client } = trpc.useUtils();
  const queryClient = useQueryClient();
  const session = useSessionStore();
  const contact = useContact();
  const [isOpen, setIsOpen] = useState(false);
  const onLatestEvent = useEffectEvent(onEvent);

  useEffect(() => {
    const stream = new ReconnectingStream({
      subscribe: (lastEventId, subscriber) => subscribe(client, lastEventId, subscriber),
      onEvent(event, signal) {
        contact.heard();
        return onLatestEvent(event, stream.isOpen, signal);
      },
      onOpenChange(isOpen) {
        contact.streamChanged(isOpen);
        setIsOpen(isOpen);
      },
      expireToken: () => session.tokens.expire(),
      onSessionOver: () => session.signOut('expired'),
    });
    const listeners = new AbortController();
    const { signal } = listeners;
    document.addEventListener('visibilitychange', () => isVisible() && stream.wake(), { signal });
    window.addEventListener('online', () => stream.reopen(), { signal });
    // The browser may be wrong: reopening the stream shows whether there is a network.
    window.addEventListener('offline', () => stream.reopen(), { signal });
    stream.start();
    return () => {
      listeners.abort();
      stream.stop();
    };
  }, [client, session, contact]);
  const isAway = useLasting(isOpen ? undefined : true, AWAY_MS) === true;
  useEffect(() => {
    // Now, since the first poll comes later.
    if (isAway) void queryClient.refetchQueries({ queryKey: HEADS_KEY, type: 'active' });
  }, [queryClient, isAway]);
  return isAway;
}

type Client = ReturnType<typeof trpc.useUtils>['client'];

function subscribe(client: Client, lastEventId: string | undefined, { onEvent, onLost }: Subscriber): () => void {
  const subscription = client.events.subscribe.subscribe(
    { lastEventId },
    {
      onData: ({ id, data }) => onEvent(id, data),
      onError: onLost,
      onComplete: () => onLost(),
      // Before tRPC's own retry: event-stream.ts decides when to reconnect.
      onConnectionStateChange(state) {
        if (state.state === 'connecting' && state.error !== null) onLost(state.error);
      },
    },
  );
  return () => subscription.unsubscribe();
}
