import type { QueryClient } from '@tanstack/react-query';
import { type Page, toInfiniteData } from '../cache/pages.ts';
import { RESTORED_AT } from '../cache/restored.ts';
import { receiveReadStates } from '../cache/state-edits.ts';
import { trpcKeys } from '../trpc/trpc.ts';
import type { MessageGroupState, MessagePage } from '../trpc/types.ts';
import { isStoredLists, isStoredThread } from './is-stored.ts';
import { joinRestored } from './join-restored.ts';
import {
  COUNTS_KEY,
  GROUPS_KEY,
  ME_KEY,
  markersKey,
  newestPagesOf,
  SETTINGS_KEY,
  threadPagesKey,
} from './query-keys.ts';
import { rereadInOrder } from './reread.ts';
import { isFresh, readStoredThread, type Stored, type StoredThread } from './store.ts';
import { wipeStored } from './wipe-stored.ts';

/** Before anything that this page reads, by `performance.now()`. */
const BEFORE_ALL = 0;

/** Fills an empty cache with what was stored, which the page shows until the server answers. Nothing if it is damaged or too old. */
export function restore(client: QueryClient, { lists, thread }: Stored, now: number): void {
  if (!isStoredLists(lists) || !isFresh(lists, now)) {
    wipeStored();
    return;
  }
  putRestored(client, ME_KEY, lists.me);
  putRestored(client, GROUPS_KEY, asRestored(lists.groups));
  if (lists.counts) putRestored(client, COUNTS_KEY, lists.counts);
  if (lists.settings) putRestored(client, SETTINGS_KEY, lists.settings);
  const states = lists.groups.items.map((row) => ({ ...row, messageGroupUuid: row.uuid }));
  receiveReadStates(client, states, BEFORE_ALL);
  if (thread) restoreThread(client, thread.messageGroupUuid, thread.value, now);
  // Until the server has answered, `useMe` is stale.
  void client.invalidateQueries({ queryKey: ME_KEY, exact: true, refetchType: 'none' });
  rereadInOrder(client);
}

function restoreThread(client: QueryClient, messageGroupUuid: string, value: unknown, now: number): void {
  if (!isStoredThread(value) || !isFresh(value, now)) return;
  const { page, markers }: StoredThread = value;
  client.setQueryDefaults(trpcKeys.messages.list.pathKey(), { structuralSharing: joinRestored });
  putRestored(client, threadPagesKey(messageGroupUuid), asRestored<MessagePage>(page));
  putRestored(client, markersKey(messageGroupUuid), { items: markers });
  receiveReadStates(client, [page.state] satisfies MessageGroupState[], BEFORE_ALL);
}

function putRestored(client: QueryClient, queryKey: readonly unknown[], data: unknown): void {
  client.setQueryData(queryKey, data, { updatedAt: RESTORED_AT });
}

const asRestored = <P extends Page<unknown>>(page: P) => toInfiniteData([{ ...page, isRestored: true as const }]);

/** Shows stored threads when they are opened and cannot be read. Returns a function that stops it. */
export function restoreUnreachable(client: QueryClient, userId: string): () => void {
  return client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || (event.action.type !== 'failed' && event.action.type !== 'pause')) return;
    const { queryKey, state } = event.query;
    const messageGroupUuid = newestPagesOf(queryKey);
    if (messageGroupUuid === undefined || state.data !== undefined) return;
    readStoredThread(userId, messageGroupUuid)
      .then((value) => {
        const { data } = client.getQueryState(queryKey) ?? { data: null };
        if (data === undefined) restoreThread(client, messageGroupUuid, value, Date.now());
      })
      // Ignore: the thread loads when the server answers.
      .catch(() => undefined);
  });
}
