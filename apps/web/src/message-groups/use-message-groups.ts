import { useMemo } from 'react';
import { flattenGroups } from '../cache/message-groups-cache.ts';
import { RECENT_GROUPS_KEY } from '../cache/message-groups-keys.ts';
import { useRecent } from '../cache/use-recent.ts';
import { useOutboxItems } from '../outbox/outbox-context.ts';
import { useMyself } from '../session/me-context.ts';
import { trpc } from '../trpc/trpc.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { addOutboxRows, type ListRow } from './list-rows.ts';

/** One's message groups, newest first, and the way to older ones. */
export function useMessageGroups() {
  const query = trpc.messageGroups.list.useInfiniteQuery({}, { getNextPageParam: (page) => page.nextCursor });
  const recent = useRecent<MessageGroup>(RECENT_GROUPS_KEY);
  const groups = useMemo(() => flattenGroups(query.data, recent), [query.data, recent]);
  return { ...query, groups };
}

/** The rows of the conversation list: the groups, with what is in the outbox. */
export function useListRows({ data, groups }: Pick<ReturnType<typeof useMessageGroups>, 'data' | 'groups'>): ListRow[] {
  const me = useMyself();
  const items = useOutboxItems();
  const isLoaded = data !== undefined;
  return useMemo(() => (isLoaded ? addOutboxRows(groups, items, me.uuid) : []), [isLoaded, groups, items, me.uuid]);
}
