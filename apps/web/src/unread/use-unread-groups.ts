import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useSession } from '../auth/session-context.tsx';
import type { MessageGroup } from '../trpc/types.ts';
import { createLocalStore } from '../ui/local-store.ts';
import { useMyself } from '../users/me-gate.tsx';
import { createSeenStore } from './seen-store.ts';
import { unreadGroups } from './unread-groups.ts';

const NONE: ReadonlySet<string> = new Set();

/** The groups with something unread; provided by the messages page. */
export const UnreadContext = createContext<ReadonlySet<string>>(NONE);

/** The groups with something unread on this device. */
export const useUnread = (): ReadonlySet<string> => useContext(UnreadContext);

/** Works out what is unread, and marks the group that is open and looked at as seen. */
export function useUnreadGroups(
  list: { groups: readonly MessageGroup[]; isLoaded: boolean },
  open: string | undefined,
): ReadonlySet<string> {
  const { groups, isLoaded } = list;
  const me = useMyself();
  const userId = useSession()?.userId ?? me.uuid;
  const [store] = useState(() => createSeenStore(createLocalStore(window.localStorage, window), userId));
  const seen = useSyncExternalStore(store.subscribe, store.seen);
  const isLookedAt = useSyncExternalStore(subscribeToVisibility, isVisible);
  const first = groups[0]?.createdAt;
  useEffect(() => {
    if (isLoaded) store.begin(first);
  }, [store, isLoaded, first]);
  const newest = groups.find(({ uuid }) => uuid === open)?.createdAt;
  useEffect(() => {
    if (open !== undefined && newest !== undefined && isLookedAt) store.mark(open, newest);
  }, [store, open, newest, isLookedAt]);
  return useMemo(() => unreadGroups(groups, seen, me.uuid), [groups, seen, me.uuid]);
}

const isVisible = () => document.visibilityState === 'visible';

function subscribeToVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}
