import { useEffect, useEffectEvent, useState } from 'react';
import { useSessionStore } from '../session/session-store.ts';
import type { StreamContext } from '../trpc/links.ts';
import { useContact } from '../trpc/server-contact.ts';
import { createStreamLink } from '../trpc/stream-link.ts';
import { type ApiClient, useTRPCClient } from '../trpc/trpc.ts';
import type { LiveEvent } from '../trpc/types.ts';
import { isVisible } from '../ui/browser.ts';
import { ReconnectingStream, type Subscriber } from './event-stream.ts';

/** Keeps a stream of the person's events open. Returns whether it is open. */
export function useEventStream(
  onEvent: (event: LiveEvent, isOpen: boolean, signal: AbortSignal) => Promise<void> | undefined,
): boolean {
  const api = useTRPCClient();
  const session = useSessionStore();
  const contact = useContact();
  const [isOpen, setIsOpen] = useState(false);
  const onLatestEvent = useEffectEvent(onEvent);

  useEffect(() => {
    const stream = new ReconnectingStream({
      subscribe: (lastEventId, subscriber) => subscribe(api, lastEventId, subscriber),
      onEvent(event, signal) {
        contact.heard();
        return onLatestEvent(event, stream.isOpen, signal);
      },
      onOpenChange(isOpen) {
        contact.streamChanged(isOpen);
        setIsOpen(isOpen);
      },
      expireToken: session.expireToken,
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
  }, [api, session, contact]);
  return isOpen;
}

function subscribe(api: ApiClient, lastEventId: string | undefined, { onEvent, onLost }: Subscriber): () => void {
  const subscription = api.events.subscribe.subscribe(
    { lastEventId },
    {
      context: { createStreamLink } satisfies StreamContext,
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
