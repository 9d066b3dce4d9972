import { useMemo } from 'react';
import { trpc } from '../trpc/trpc.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { useRecent } from '../trpc/use-recent.ts';
import { flattenGroups } from './message-groups-cache.ts';
import { RECENT_GROUPS_KEY } from './message-groups-keys.ts';

/** One's message groups, newest first, and the way to older ones. */
export function useMessageGroups() {
  const query = trpc.messageGroups.list.useInfiniteQuery({}, { getNextPageParam: (page) => page.nextCursor });
  const recent = useRecent<MessageGroup>(RECENT_GROUPS_KEY);
  const groups = useMemo(() => flattenGroups(query.data, recent), [query.data, recent]);
  return { ...query, groups };
}
