import type { QueryClient } from '@tanstack/react-query';
import { createTRPCQueryUtils } from '@trpc/react-query';
import { toInfiniteData } from '../cache/pages.ts';
import type { trpc } from '../trpc/trpc.ts';
import type { FirstAnswers } from './prefetch.ts';

/**
 * Puts what was asked ahead into a cache that is still empty, as if its hooks had asked: the first drawing is the whole
 * page then.
 */
export function seedCache(
  queryClient: QueryClient,
  client: ReturnType<typeof trpc.createClient>,
  { me, groups, thread, sentAt: updatedAt }: FirstAnswers,
): void {
  const utils = createTRPCQueryUtils({ queryClient, client });
  if (me) utils.users.me.setData(undefined, me, { updatedAt });
  if (groups) utils.messageGroups.list.setInfiniteData({}, toInfiniteData([groups]), { updatedAt });
  if (!thread) return;
  const { messageGroupUuid, page } = thread;
  utils.messages.list.setInfiniteData({ messageGroupUuid }, toInfiniteData([page]), { updatedAt });
}
