import { skipToken } from '@tanstack/react-query';
import { useMemo } from 'react';
import { trpc } from '../trpc/trpc.ts';
import type { Message } from '../trpc/types.ts';
import { useRecent } from '../trpc/use-recent.ts';
import { flattenMessages } from './messages-cache.ts';
import { recentMessagesKey } from './messages-keys.ts';

/** A group's messages, oldest first, its other person, and the way to older messages; idle without a group. */
export function useMessages(messageGroupUuid: string | undefined) {
  const query = trpc.messages.list.useInfiniteQuery(messageGroupUuid === undefined ? skipToken : { messageGroupUuid }, {
    getNextPageParam: (page) => page.nextCursor,
  });
  const recent = useRecent<Message>(recentMessagesKey(messageGroupUuid ?? ''));
  const messages = useMemo(() => flattenMessages(query.data, recent), [query.data, recent]);
  return { ...query, messages, person: query.data?.pages[0]?.person };
}
