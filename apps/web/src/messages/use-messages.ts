import { skipToken } from '@tanstack/react-query';
import { useMemo } from 'react';
import { flattenMessages } from '../cache/messages-cache.ts';
import { recentMessagesKey } from '../cache/messages-keys.ts';
import { useRecent } from '../cache/use-recent.ts';
import { trpc } from '../trpc/trpc.ts';
import type { Message } from '../trpc/types.ts';

/** A group's messages, oldest first, its other person, and the way to older messages; idle without a group. */
export function useMessages(messageGroupUuid: string | undefined) {
  const query = trpc.messages.list.useInfiniteQuery(messageGroupUuid === undefined ? skipToken : { messageGroupUuid }, {
    getNextPageParam: (page) => page.nextCursor,
  });
  const recent = useRecent<Message>(recentMessagesKey(messageGroupUuid ?? ''));
  const messages = useMemo(() => flattenMessages(query.data, recent), [query.data, recent]);
  return { ...query, messages, person: query.data?.pages[0]?.person };
}
