import { skipToken, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { receiveHead, replaceThread } from '../cache/edits.ts';
import { flattenMessages } from '../cache/lists.ts';
import { threadHeadKey, useLive } from '../cache/live-state.ts';
import { BY_CURSOR } from '../cache/pages.ts';
import { loadingLast } from '../cache/restored.ts';
import { type Loaded, useHeadRefresh } from '../live/use-head-refresh.ts';
import { useShownMessages } from '../outbox/use-message-changes.ts';
import { useMyself } from '../session/me-context.ts';
import { useTRPC, useTRPCClient } from '../trpc/trpc.ts';
import type { Message, MessagePage } from '../trpc/types.ts';

const NONE: readonly Message[] = [];

/** A group's pages as they were read. Without a group, nothing is loaded. */
export function useMessagePages(messageGroupUuid: string | undefined) {
  const trpc = useTRPC();
  const input = messageGroupUuid === undefined ? skipToken : { messageGroupUuid };
  return useInfiniteQuery(trpc.messages.list.infiniteQueryOptions(input, BY_CURSOR));
}

/** A group's messages, oldest first, and the query for older messages. */
export function useMessages(messageGroupUuid: string | undefined) {
  const query = useMessagePages(messageGroupUuid);
  const live = useLive(({ messages }) => messages[messageGroupUuid ?? ''] ?? NONE);
  const loaded = useMemo(() => flattenMessages(query.data, live), [query.data, live]);
  const messages = useShownMessages(messageGroupUuid, loaded);
  return { ...loadingLast(query), messages };
}

/** Keeps the newest messages of a loaded thread current. */
export function useThreadHead(messageGroupUuid = '', list: Loaded<Message>): void {
  const client = useQueryClient();
  const me = useMyself();
  const api = useTRPCClient();
  useHeadRefresh<MessagePage>({
    queryKey: threadHeadKey(messageGroupUuid),
    list,
    readPage: (cursor, signal) => api.messages.list.query({ messageGroupUuid, cursor }, { signal }),
    addPages: (pages) =>
      receiveHead(
        client,
        me.uuid,
        messageGroupUuid,
        pages.toReversed().flatMap(({ items }) => items),
      ),
    replacePages: (pages) => replaceThread(client, messageGroupUuid, pages),
  });
}
