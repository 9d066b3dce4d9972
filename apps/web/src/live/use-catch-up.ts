import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { NEWEST_GROUPS_KEY } from '../cache/message-groups-keys.ts';
import { NEWEST_MESSAGES_KEY } from '../cache/messages-keys.ts';
import { trpc } from '../trpc/trpc.ts';
import { planCatchUp } from './catch-up.ts';

/** Reads what is new as soon as the stream is missed; polls follow, for as long as it is away. */
export function useReadWhileAway(isStreamAway: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!isStreamAway) return;
    void client.refetchQueries({ queryKey: NEWEST_GROUPS_KEY, type: 'active' });
    void client.refetchQueries({ queryKey: NEWEST_MESSAGES_KEY, type: 'active' });
  }, [client, isStreamAway]);
}

/** Reads again what a stream may have missed. Returns a function to call each time that a stream has caught up. */
export function useCatchUp(): (isComplete: boolean) => void {
  const client = useQueryClient();
  const utils = trpc.useUtils();
  const isFirst = useRef(true);
  return (isComplete) => {
    const dataAge = Date.now() - (client.getQueryState(NEWEST_GROUPS_KEY)?.dataUpdatedAt ?? 0);
    const plan = planCatchUp({ isFirst: isFirst.current, isComplete, dataAge });
    isFirst.current = false;
    if (plan === 'nothing') return;
    if (plan === 'everything') {
      // Events may have moved the anchors past a gap: what is read now reaches down to the pages themselves.
      client.setQueriesData({ queryKey: NEWEST_GROUPS_KEY }, null);
      client.setQueriesData({ queryKey: NEWEST_MESSAGES_KEY }, null);
    }
    void client.invalidateQueries({ queryKey: NEWEST_GROUPS_KEY });
    void utils.messageGroups.readMarkers.invalidate();
    void utils.messageGroups.counts.invalidate();
    // What is invalidated and not open is read when it is opened.
    if (plan === 'everything') void client.invalidateQueries({ queryKey: NEWEST_MESSAGES_KEY });
    else void client.refetchQueries({ queryKey: NEWEST_MESSAGES_KEY, type: 'active' });
  };
}
