import { skipToken } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLive } from '../cache/live-state.ts';
import { flattenMessages } from '../cache/messages-cache.ts';
import { trpc } from '../trpc/trpc.ts';
import type { Message } from '../trpc/types.ts';

const NONE: readonly Message[] = [];

/** A group's messages, oldest first, its other person, and the way to older messages; idle without a group. */
export function useMessages(messageGroupUuid: string | undefined) {
  const query = trpc.messages.list.useInfiniteQuery(messageGroupUuid === undefined ? skipToken : { messageGroupUuid }, {
    getNextPageParam: (page) => page.nextCursor,
  });
  const live = useLive(({ messages }) => messages[messageGroupUuid ?? ''] ?? NONE);
  const messages = useMemo(() => flattenMessages(query.data, live), [query.data, live]);
  return { ...query, messages, person: query.data?.pages[0]?.person };
}
