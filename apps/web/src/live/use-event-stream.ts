import { useEffect, useRef, useState } from 'react';
import { useSessionStore } from '../session/session-context.tsx';
import { useContact } from '../trpc/contact-context.ts';
import { trpc } from '../trpc/trpc.ts';
import type { LiveEvent } from '../trpc/types.ts';
import { schedule } from '../ui/schedule.ts';
import { isVisible, onVisibilityChange } from '../ui/use-visible.ts';
import { createEventStream, type Subscriber } from './event-stream.ts';

/** Without a stream for so long, the page reads newest pages instead, in milliseconds. Most streams return earlier. */
const AWAY_MS = 4_000;

/**
 * Keeps one stream of the person's events open for as long as the component is there.
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
    // Also if the browser says that the network is gone: whether the stream opens again tells whether that is true.
    for (const change of ['online', 'offline']) window.addEventListener(change, stream.reopen);
    stream.start();
    return () => {
      stopListening();
      for (const change of ['online', 'offline']) window.removeEventListener(change, stream.reopen);
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
      // Before tRPC tries again by itself: event-stream.ts decides that.
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
