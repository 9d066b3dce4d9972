import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { GROUPS_HEAD_KEY, HEADS_KEY, THREAD_HEADS_KEY } from '../cache/live-state.ts';
import { PREFETCH_MAX_AGE_MS } from '../trpc/request.ts';
import { trpc } from '../trpc/trpc.ts';

/** At the first opening, data this fresh is current, in milliseconds: the stream begins 10 s back. */
const FRESH_MS = 10_000 - PREFETCH_MAX_AGE_MS;

/**
 * What to refetch once the server has sent the events that a stream missed. `open`: the list, the open thread, and read
 * markers, whose events are not repeated. `everything`: there may be gaps, so the other threads as well, when they open.
 *
 * @param stream - whether it has caught up for the first time, and whether the server has sent everything that was missed
 * @param dataAge - how long ago the list's head was read, in milliseconds
 */
export function refetchScope(stream: { isFirst: boolean; isComplete: boolean }, dataAge: number) {
  if (stream.isFirst && dataAge < FRESH_MS) return 'nothing';
  return stream.isComplete ? 'open' : 'everything';
}

/** Returns a function to call each time a stream has caught up. It refetches what the stream may have missed. */
export function useCatchUp(): (isComplete: boolean) => void {
  const client = useQueryClient();
  const utils = trpc.useUtils();
  const isFirst = useRef(true);
  return (isComplete) => {
    const dataAge = Date.now() - (client.getQueryState(GROUPS_HEAD_KEY)?.dataUpdatedAt ?? 0);
    const scope = refetchScope({ isFirst: isFirst.current, isComplete }, dataAge);
    isFirst.current = false;
    if (scope === 'nothing') return;
    // Events may have moved the heads past a gap: read down to the loaded pages instead.
    if (scope === 'everything') client.setQueriesData({ queryKey: HEADS_KEY }, null);
    void client.invalidateQueries({ queryKey: GROUPS_HEAD_KEY });
    void utils.messageGroups.readMarkers.invalidate();
    void utils.messageGroups.counts.invalidate();
    // A thread that is not open is read when it opens.
    if (scope === 'everything') void client.invalidateQueries({ queryKey: THREAD_HEADS_KEY });
    else void client.refetchQueries({ queryKey: THREAD_HEADS_KEY, type: 'active' });
  };
}
