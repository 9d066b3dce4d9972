import { createContext, useContext, useEffect, useRef, useState } from 'react';
import { useSessionStore } from '../session/session-context.tsx';
import { useContact } from '../trpc/contact-context.ts';
import { trpc } from '../trpc/trpc.ts';
import type { LiveEvent } from '../trpc/types.ts';
import { schedule } from '../ui/schedule.ts';
import { isVisible, onVisibilityChange } from '../ui/use-visible.ts';
import { createEventStream, type Subscriber } from './event-stream.ts';

/** After so long without a stream, the page polls instead, in milliseconds. Most streams return earlier. */
const AWAY_MS = 4_000;

const NETWORK_CHANGES = ['online', 'offline'];

export const StreamAwayContext = createContext(false);

/** Whether the event stream has been away for some seconds, so that the page must poll. */
export const useStreamAway = (): boolean => useContext(StreamAwayContext);

/**
 * Keeps one stream of the person's events open while the component is mounted.
 *
 * @returns whether the stream has been away for some seconds
 */
export function useEventStream(onEvent: (event: LiveEvent, isOpen: boolean) => void): boolean {
  const { client } = trpc.useUtils();
  const session = useSessionStore();
  const contact = useContact();
  const [isOpen, setIsOpen] = useState(false);
  const latest = useRef(onEvent);
  useEffect(() => {
    latest.current = onEvent;
  });

  useEffect(() => {
    let isOpenNow = false;
    const stream = createEventStream({
      subscribe: (lastEventId, subscriber) => subscribe(client, lastEventId, subscriber),
      onEvent(event) {
        contact.heard();
        latest.current(event, isOpenNow);
      },
      onOpenChange(next) {
        isOpenNow = next;
        contact.streamChanged(next);
        setIsOpen(next);
      },
      expireToken: () => session.tokens.expire(),
      onSessionOver: () => session.signOut('expired'),
      schedule,
    });
    const wake = () => {
      if (isVisible()) stream.wake();
    };
    const stopListening = onVisibilityChange(wake);
    // Also on `offline`: whether the stream opens again shows whether the browser is right.
    for (const change of NETWORK_CHANGES) window.addEventListener(change, stream.reopen);
    stream.start();
    return () => {
      stopListening();
      for (const change of NETWORK_CHANGES) window.removeEventListener(change, stream.reopen);
      stream.stop();
    };
  }, [client, session, contact]);
  return useAway(isOpen);
}

function subscribe(
  client: ReturnType<typeof trpc.useUtils>['client'],
  lastEventId: string | undefined,
  { onEvent, onLost }: Subscriber,
): () => void {
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

function useAway(isOpen: boolean): boolean {
  const [isAway, setIsAway] = useState(false);
  useEffect(() => {
    if (isOpen) return;
    const cancel = schedule(() => setIsAway(true), AWAY_MS);
    return () => {
      cancel();
      setIsAway(false);
    };
  }, [isOpen]);
  return isAway;
}
