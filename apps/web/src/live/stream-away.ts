import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect } from 'react';
import { HEADS_KEY } from '../cache/live-state.ts';
import { useLasting } from '../ui/timers.ts';

/** After this long without a stream the page polls, in milliseconds. */
const AWAY_MS = 4_000;

export const StreamAwayContext = createContext(false);

/** Whether the event stream has been away for some seconds, so that the page must poll. */
export const useStreamAway = (): boolean => useContext(StreamAwayContext);

/** Returns whether the stream has been away for some seconds, and reads the heads once it has. */
export function usePolling(isOpen: boolean): boolean {
  const client = useQueryClient();
  const isAway = useLasting(isOpen ? undefined : true, AWAY_MS) === true;
  useEffect(() => {
    // Now, since the first poll comes later.
    if (isAway) void client.refetchQueries({ queryKey: HEADS_KEY, type: 'active' });
  }, [client, isAway]);
  return isAway;
}
