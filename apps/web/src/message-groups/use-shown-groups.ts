import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { compareGroups, flattenGroups } from '../cache/lists.ts';
import { type LiveState, useLive } from '../cache/live-state.ts';
import { BY_CURSOR } from '../cache/pages.ts';
import { useTRPC } from '../trpc/trpc.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { filterRows } from './filter-rows.ts';
import { type GroupFilter, useGroupFilter } from './group-filter.ts';
import type { ListRow } from './list-rows.ts';
import { summarizeUnread, useCountRows } from './unread-groups.ts';

export type ShownGroups = ReturnType<typeof useShownGroups>;

type ListQuery = ReturnType<typeof useFilteredList>;

interface AllGroups {
  query: ListQuery;
  groups: readonly MessageGroup[];
  rows: readonly ListRow[];
  unread: { counts: ReadonlyMap<string, number> };
}

/** The rows of the chosen filter with their unread messages, and the query that loads more of them. */
export function useShownGroups(all: AllGroups, openGroup: string | undefined) {
  const [filter] = useGroupFilter();
  const filtered = useFilteredList(filter);
  const kept = useKept(filter, openGroup);
  const { data } = filtered;
  const read = useLive(useCallback((live: LiveState) => flattenGroups(data, live), [data]));
  const states = useLive(({ unread }) => unread);
  const { groups, rows, unread, query } = all;
  return useMemo(() => {
    const unlisted = filter === 'all' ? [] : withoutGroups(read, groups);
    const counts = new Map([...summarizeUnread(unlisted, states, [], 0).counts, ...unread.counts]);
    const candidates = unlisted.length === 0 ? rows : [...rows, ...unlisted].sort(compareGroups);
    const shown = filterRows(candidates, { filter, unread: counts, kept });
    return { ...(filter === 'all' ? query : filtered), filter, counts, rows: shown };
  }, [filter, kept, groups, rows, unread, query, filtered, read, states]);
}

function withoutGroups(rows: readonly MessageGroup[], groups: readonly MessageGroup[]): MessageGroup[] {
  const listed = new Set(groups.map(({ uuid }) => uuid));
  return rows.filter(({ uuid }) => !listed.has(uuid));
}

/** The server's list of a filter. A filter is chosen seldom and shows what is so now: it is read each time. */
function useFilteredList(filter: GroupFilter) {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.messageGroups.list.infiniteQueryOptions(
      { filter },
      { ...BY_CURSOR, enabled: filter !== 'all', staleTime: 0, notifyOnChangeProps: 'all' },
    ),
  );
  useCountRows(query.data);
  return query;
}

/** The conversation that was opened while this filter was chosen, or is open when the page loads. Its row stays while it is read. */
function useKept(filter: GroupFilter, openGroup: string | undefined): string | undefined {
  const [seen, setSeen] = useState({ filter, openGroup, kept: openGroup });
  if (seen.filter === filter && seen.openGroup === openGroup) return seen.kept;
  const kept = seen.filter === filter ? openGroup : undefined;
  setSeen({ filter, openGroup, kept });
  return kept;
}
