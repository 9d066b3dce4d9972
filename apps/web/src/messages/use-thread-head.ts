import { useQueryClient } from '@tanstack/react-query';
import { receiveHead } from '../cache/edits.ts';
import { threadHeadKey } from '../cache/keys.ts';
import { toInfiniteData } from '../cache/pages.ts';
import { type Loaded, useHeadRefresh } from '../live/use-head-refresh.ts';
import { trpc } from '../trpc/trpc.ts';
import type { Message, MessagePage } from '../trpc/types.ts';

/** Keeps the newest messages of a loaded thread current. */
export function useThreadHead(messageGroupUuid = '', list: Loaded<Message>): void {
  const client = useQueryClient();
  const utils = trpc.useUtils();
  useHeadRefresh<MessagePage>({
    queryKey: threadHeadKey(messageGroupUuid),
    list,
    readPage: (cursor, signal) => utils.client.messages.list.query({ messageGroupUuid, cursor }, { signal }),
    addPages: (pages) =>
      receiveHead(
        client,
        messageGroupUuid,
        pages.toReversed().flatMap(({ items }) => items),
      ),
    async replacePages(pages) {
      await utils.messages.list.cancel({ messageGroupUuid });
      utils.messages.list.setInfiniteData({ messageGroupUuid }, toInfiniteData(pages));
    },
  });
}
