import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { receiveMarker } from '../cache/signal-edits.ts';
import { StreamAwayContext, usePolling } from '../live/stream-away.ts';
import { useMyself } from '../session/me-context.ts';
import { backoff } from '../time/backoff.ts';
import { lazyPart } from '../ui/lazy-part.tsx';
import { schedule } from '../ui/timers.ts';
import { ReadReceiptContext, useReadReceiptSender } from '../unread/use-mark-read.ts';

const LiveEvents = lazyPart(() => import('./live-events.tsx'));
/** For before the provider is rendered, which waits for the server. */
export const preloadLiveEvents = LiveEvents.preload;

/** Keeps the page live by the tab's one event stream, or by polling while there is none, and sends its read receipts. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const me = useMyself();
  const isLoaded = useLiveEventsLoaded();
  const [isOpen, setIsOpen] = useState(false);
  const receipts = useReadReceiptSender((marker) => receiveMarker(client, me.uuid, marker));
  return (
    <StreamAwayContext value={usePolling(isOpen)}>
      <ReadReceiptContext value={receipts}>
        {children}
        {isLoaded ? <LiveEvents onOpenChange={setIsOpen} /> : null}
      </ReadReceiptContext>
    </StreamAwayContext>
  );
}

/** Loads the code of the stream, which the first thread does not need, and tries again until it is there. */
function useLiveEventsLoaded(): boolean {
  const [isLoaded, setIsLoaded] = useState(false);
  useEffect(() => {
    let stop = () => {};
    const load = (failures: number) => {
      const retry = () => {
        stop = schedule(() => load(failures + 1), backoff(failures));
      };
      LiveEvents.preload().then(() => setIsLoaded(true), retry);
    };
    load(1);
    return () => stop();
  }, []);
  return isLoaded;
}
