import { useQuery } from '@tanstack/react-query';
import { useStreamAway } from '../live/live-context.ts';
import { readNewestPages, replacePages } from '../trpc/pages.ts';
import { type Loaded, MAX_NEWEST_PAGES, newestPageOptions } from '../trpc/polling.ts';
import { trpc } from '../trpc/trpc.ts';
import type { Message } from '../trpc/types.ts';
import { addMessages, newestOf, newMessages, reachesAnchor } from './messages-cache.ts';
import { newestMessagesKey, recentMessagesKey } from './messages-keys.ts';

/**
 * Reads a loaded thread's newest page where events may have missed something: when its query is invalidated, now and then
 * while the event stream is away, and on return to the page. Where that page does not reach down to what the last one read, it reads on until one does, so that no gap is left.
 */
export function useNewestMessages(messageGroupUuid: string | undefined, loaded: Loaded<Message>) {
  const utils = trpc.useUtils();
  return useQuery({
    queryKey: newestMessagesKey(messageGroupUuid ?? ''),
    enabled: loaded.data !== undefined && messageGroupUuid !== undefined,
    // The pages themselves count as the first reading.
    initialData: newestOf(loaded.data?.pages[0]),
    initialDataUpdatedAt: loaded.dataUpdatedAt,
    ...newestPageOptions(useStreamAway()),
    queryFn: async ({ client, queryKey, signal }): Promise<Message | null> => {
      const input = { messageGroupUuid: messageGroupUuid ?? '' };
      const pagesBefore = utils.messages.list.getInfiniteData(input);
      if (pagesBefore === undefined) return null;
      const anchor = client.getQueryData<Message | null>(queryKey) ?? newestOf(pagesBefore.pages[0]);
      const { pages, met } = await readNewestPages(
        (cursor) => utils.client.messages.list.query({ ...input, cursor }, { signal }),
        (page) => reachesAnchor(page, anchor),
        MAX_NEWEST_PAGES,
      );
      if (met) {
        const added = newMessages(pagesBefore, pages);
        client.setQueryData<Message[]>(recentMessagesKey(input.messageGroupUuid), (recent = []) =>
          addMessages(recent, added),
        );
      } else {
        await utils.messages.list.cancel(input);
        utils.messages.list.setInfiniteData(input, replacePages(pages));
      }
      return newestOf(pages[0]) ?? null;
    },
  });
}
