import { useQuery } from '@tanstack/react-query';
import { readNewestPages, replacePages } from '../trpc/pages.ts';
import { type Loaded, POLL_MAX_PAGES, POLL_MS } from '../trpc/polling.ts';
import { trpc } from '../trpc/trpc.ts';
import type { Message } from '../trpc/types.ts';
import { addMessages, newestOf, newMessages, reachesAnchor } from './messages-cache.ts';
import { newestMessagesKey, recentMessagesKey } from './messages-keys.ts';

/**
 * Keeps a loaded thread current: reads its newest page every few seconds while the page is visible, and on return to it.
 * Where that page does not reach down to what the last one read, it reads on until one does, so that no gap is left.
 */
export function useNewestMessages(messageGroupUuid: string | undefined, loaded: Loaded<Message>) {
  const utils = trpc.useUtils();
  return useQuery({
    queryKey: newestMessagesKey(messageGroupUuid ?? ''),
    enabled: loaded.data !== undefined && messageGroupUuid !== undefined,
    // The pages themselves count as the first poll.
    initialData: newestOf(loaded.data?.pages[0]),
    initialDataUpdatedAt: loaded.dataUpdatedAt,
    staleTime: POLL_MS.messages,
    refetchInterval: POLL_MS.messages,
    refetchOnWindowFocus: 'always',
    queryFn: async ({ client, queryKey, signal }): Promise<Message | null> => {
      const input = { messageGroupUuid: messageGroupUuid ?? '' };
      const pagesBefore = utils.messages.list.getInfiniteData(input);
      if (pagesBefore === undefined) return null;
      const anchor = client.getQueryData<Message | null>(queryKey) ?? newestOf(pagesBefore.pages[0]);
      const { pages, met } = await readNewestPages(
        (cursor) => utils.client.messages.list.query({ ...input, cursor }, { signal }),
        (page) => reachesAnchor(page, anchor),
        POLL_MAX_PAGES,
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
