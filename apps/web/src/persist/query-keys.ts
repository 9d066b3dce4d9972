import { getQueryKey } from '@trpc/react-query';
import { trpc } from '../trpc/trpc.ts';

export const ME_KEY = getQueryKey(trpc.users.me, undefined, 'query');
export const COUNTS_KEY = getQueryKey(trpc.messageGroups.counts, undefined, 'query');
export const SETTINGS_KEY = getQueryKey(trpc.users.settings, undefined, 'query');
export const GROUPS_KEY = getQueryKey(trpc.messageGroups.list, {}, 'infinite');
export const threadPagesKey = (messageGroupUuid: string) =>
  getQueryKey(trpc.messages.list, { messageGroupUuid }, 'infinite');
export const markersKey = (messageGroupUuid: string) =>
  getQueryKey(trpc.messageGroups.readMarkers, { messageGroupUuid }, 'query');

/** The group of a thread's newest pages; `undefined` for any other query. */
export function newestPagesOf(queryKey: readonly unknown[]): string | undefined {
  const [path, options] = queryKey as ReturnType<typeof getQueryKey>;
  const input = options?.input as { messageGroupUuid?: string; around?: string } | undefined;
  return path?.join('.') === 'messages.list' && input?.around === undefined ? input?.messageGroupUuid : undefined;
}
