import { useEffect } from 'react';
import { trpc } from '../trpc/trpc.ts';

/**
 * Asks for the list, and for the open thread, in the same request as for who one is: what is drawn after the answer to
 * the last would otherwise ask for the former one by one.
 */
export function useFirstPages(messageGroupUuid: string | undefined): void {
  const utils = trpc.useUtils();
  useEffect(() => {
    // What is loaded, or on its way, is not asked for again.
    void utils.messageGroups.list.prefetchInfinite({});
    if (messageGroupUuid !== undefined) void utils.messages.list.prefetchInfinite({ messageGroupUuid });
  }, [utils, messageGroupUuid]);
}
