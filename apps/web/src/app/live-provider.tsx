import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { receiveMarker } from '../cache/signal-edits.ts';
import { StreamAwayContext, usePolling } from '../live/stream-away.ts';
import { useMyself } from '../session/me-context.ts';
import { lazyPart } from '../ui/lazy-part.tsx';
import { useLoaded } from '../ui/use-loaded.ts';
import { ReadReceiptContext, useReadReceiptSender } from '../unread/use-mark-read.ts';
import { useMe } from '../users/user-queries.ts';

// The first thread does not need it.
const LiveEvents = lazyPart(() => import('./live-events.tsx'), 'first');

/** Keeps the page live by the tab's one event stream, or by polling while there is none, and sends its read receipts. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const me = useMyself();
  const isLoaded = useLoaded(LiveEvents);
  // While the page shows an earlier visit, what arrives would leave a gap.
  const { isStale } = useMe();
  const [isOpen, setIsOpen] = useState(false);
  const receipts = useReadReceiptSender((marker) => receiveMarker(client, me.uuid, marker));
  return (
    <StreamAwayContext value={usePolling(isOpen)}>
      <ReadReceiptContext value={receipts}>
        {children}
        {isLoaded && !isStale ? <LiveEvents onOpenChange={setIsOpen} /> : null}
      </ReadReceiptContext>
    </StreamAwayContext>
  );
}
