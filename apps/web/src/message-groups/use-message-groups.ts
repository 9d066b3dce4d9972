import { useMemo } from 'react';
import { flattenGroups, type PendingRow, showPending } from '../cache/message-groups-cache.ts';
import { PENDING_ROWS_KEY, RECENT_GROUPS_KEY } from '../cache/message-groups-keys.ts';
import { useRecent } from '../cache/use-recent.ts';
import { trpc } from '../trpc/trpc.ts';
import type { MessageGroup } from '../trpc/types.ts';

/** One's message groups, newest first, and the way to older ones. */
export function useMessageGroups() {
  const query = trpc.messageGroups.list.useInfiniteQuery({}, { getNextPageParam: (page) => page.nextCursor });
  const recent = useRecent<MessageGroup>(RECENT_GROUPS_KEY);
  const pending = useRecent<PendingRow>(PENDING_ROWS_KEY);
  const known = useMemo(() => flattenGroups(query.data, recent), [query.data, recent]);
  const groups = useMemo(() => showPending(known, pending), [known, pending]);
  return { ...query, groups };
}
