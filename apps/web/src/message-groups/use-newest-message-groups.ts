import { useQuery } from '@tanstack/react-query';
import { newestTimeOf, putGroups, reachesTime } from '../cache/message-groups-cache.ts';
import { NEWEST_GROUPS_KEY, RECENT_GROUPS_KEY } from '../cache/message-groups-keys.ts';
import { readNewestPages, replacePages } from '../cache/pages.ts';
import { type Loaded, MAX_NEWEST_PAGES, newestPageOptions } from '../cache/polling.ts';
import { readingEdits } from '../cache/use-unread-state.ts';
import { useStreamAway } from '../live/live-context.ts';
import { trpc } from '../trpc/trpc.ts';
import type { MessageGroup } from '../trpc/types.ts';

/** Keeps the loaded list current, as `useNewestMessages` does a thread. */
export function useNewestMessageGroups(loaded: Loaded<MessageGroup>): void {
  const utils = trpc.useUtils();
  useQuery({
    queryKey: NEWEST_GROUPS_KEY,
    enabled: loaded.data !== undefined,
    // The pages themselves count as the first reading.
    initialData: newestTimeOf(loaded.data?.pages[0]),
    initialDataUpdatedAt: loaded.dataUpdatedAt,
    ...newestPageOptions(useStreamAway()),
    refetchIntervalInBackground: true,
    queryFn: async ({ client, queryKey, signal }): Promise<string | null> => {
      const pagesBefore = utils.messageGroups.list.getInfiniteData({});
      if (pagesBefore === undefined) return null;
      const time = client.getQueryData<string | null>(queryKey) ?? newestTimeOf(pagesBefore.pages[0]);
      const { pages, met } = await readNewestPages(
        (cursor) => utils.client.messageGroups.list.query({ cursor }, { signal }),
        (page) => reachesTime(page, time),
        MAX_NEWEST_PAGES,
      );
      if (!met) {
        await utils.messageGroups.list.cancel({});
        utils.messageGroups.list.setInfiniteData({}, replacePages(pages));
      }
      const rows = pages.flatMap((page) => page.items);
      readingEdits(client).takeRows(rows);
      client.setQueryData<MessageGroup[]>(RECENT_GROUPS_KEY, (recent = []) => putGroups(recent, rows));
      return newestTimeOf(pages[0]) ?? null;
    },
  });
}
