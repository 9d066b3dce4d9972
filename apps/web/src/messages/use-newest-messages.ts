import { useQuery } from '@tanstack/react-query';
import { addMessages, newestOf, newMessages, reachesAnchor } from '../cache/messages-cache.ts';
import { newestMessagesKey, recentMessagesKey } from '../cache/messages-keys.ts';
import { readNewestPages, replacePages } from '../cache/pages.ts';
import { type Loaded, MAX_NEWEST_PAGES, newestPageOptions } from '../cache/polling.ts';
import { useStreamAway } from '../live/live-context.ts';
import { trpc } from '../trpc/trpc.ts';
import type { Message } from '../trpc/types.ts';

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
