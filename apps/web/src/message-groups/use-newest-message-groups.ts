import { useQuery } from '@tanstack/react-query';
import { readNewestPages, replacePages } from '../trpc/pages.ts';
import { HIDDEN_POLL_MS, type Loaded, POLL_MAX_PAGES, POLL_MS } from '../trpc/polling.ts';
import { trpc } from '../trpc/trpc.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { newestTimeOf, putGroups, reachesTime } from './message-groups-cache.ts';
import { NEWEST_GROUPS_KEY, RECENT_GROUPS_KEY } from './message-groups-keys.ts';

/** Keeps the loaded list current, as `useNewestMessages` does a thread. */
export function useNewestMessageGroups(loaded: Loaded<MessageGroup>) {
  const utils = trpc.useUtils();
  return useQuery({
    queryKey: NEWEST_GROUPS_KEY,
    enabled: loaded.data !== undefined,
    // The pages themselves count as the first poll.
    initialData: newestTimeOf(loaded.data?.pages[0]),
    initialDataUpdatedAt: loaded.dataUpdatedAt,
    staleTime: POLL_MS.messageGroups,
    refetchInterval: () => (document.visibilityState === 'visible' ? POLL_MS.messageGroups : HIDDEN_POLL_MS),
    refetchIntervalInBackground: true,
    refetchOnWindowFocus: 'always',
    queryFn: async ({ client, queryKey, signal }): Promise<string | null> => {
      const pagesBefore = utils.messageGroups.list.getInfiniteData({});
      if (pagesBefore === undefined) return null;
      const time = client.getQueryData<string | null>(queryKey) ?? newestTimeOf(pagesBefore.pages[0]);
      const { pages, met } = await readNewestPages(
        (cursor) => utils.client.messageGroups.list.query({ cursor }, { signal }),
        (page) => reachesTime(page, time),
        POLL_MAX_PAGES,
      );
      if (!met) {
        await utils.messageGroups.list.cancel({});
        utils.messageGroups.list.setInfiniteData({}, replacePages(pages));
      }
      const rows = pages.flatMap((page) => page.items);
      client.setQueryData<MessageGroup[]>(RECENT_GROUPS_KEY, (recent = []) => putGroups(recent, rows));
      return newestTimeOf(pages[0]) ?? null;
    },
  });
}
