import type { TRPCQueryKey } from '@trpc/tanstack-react-query';
import { trpcKeys } from '../trpc/trpc.ts';

export const ME_KEY = trpcKeys.users.me.queryKey();
export const COUNTS_KEY = trpcKeys.messageGroups.counts.queryKey();
export const SETTINGS_KEY = trpcKeys.users.settings.queryKey();
export const GROUPS_KEY = trpcKeys.messageGroups.list.infiniteQueryKey({});
export const threadPagesKey = (messageGroupUuid: string) =>
  trpcKeys.messages.list.infiniteQueryKey({ messageGroupUuid });
export const markersKey = (messageGroupUuid: string) =>
  trpcKeys.messageGroups.readMarkers.queryKey({ messageGroupUuid });

/** The group of a thread's newest pages; `undefined` for any other query. */
export function newestPagesOf(queryKey: readonly unknown[]): string | undefined {
  const [path, options] = queryKey as TRPCQueryKey;
  const input = options?.input as { messageGroupUuid?: string; around?: string } | undefined;
  // Keys of queries that are not tRPC's begin with a name instead of a path.
  const isThread = Array.isArray(path) && path.join('.') === 'messages.list';
  return isThread && input?.around === undefined ? input?.messageGroupUuid : undefined;
}
