import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import { useReadings, useRecount, useTakeRows } from '../cache/use-unread-state.ts';
import { trpc } from '../trpc/trpc.ts';
import { useVisible } from '../ui/use-visible.ts';
import { countUnread, NO_UNREAD, type UnreadGroups, withoutGroup } from './unread-groups.ts';
import type { useMessageGroups } from './use-message-groups.ts';

/** What arrives in the open thread is shown as unread after so many milliseconds: at its end it has been seen by then. */
const SEEN_WITHIN_MS = 500;
const NONE: readonly string[] = [];

/** What is unread; provided by the messages page. */
export const UnreadContext = createContext<UnreadGroups>(NO_UNREAD);

export const useUnread = (): UnreadGroups => useContext(UnreadContext);

/**
 * Counts what is unread, in loaded groups by their rows and events, in others as the server says.
 *
 * @param open - the group that is open
 */
export function useUnreadGroups(list: ReturnType<typeof useMessageGroups>, open: string | undefined): UnreadGroups {
  const { data, groups, hasNextPage } = list;
  const readings = useReadings();
  // After the first page, and only if there are more: nobody waits for it.
  const counts = trpc.messageGroups.counts.useQuery(undefined, { enabled: hasNextPage });
  const onServer = counts.data?.unreadGroupUuids ?? NONE;
  useTakeRows(data);
  useRecount(readings);
  const unread = useMemo(() => countUnread(groups, readings, onServer), [groups, readings, onServer]);
  const inView = useVisible() ? open : undefined;
  const lasting = useLasting(inView !== undefined && unread.counts.has(inView) ? inView : undefined, SEEN_WITHIN_MS);
  return useMemo(
    () => (inView === undefined || inView === lasting ? unread : withoutGroup(unread, inView)),
    [unread, inView, lasting],
  );
}

/** A value once it has lasted for so many milliseconds, else `undefined`. */
function useLasting<T>(value: T | undefined, delay: number): T | undefined {
  const [lasting, setLasting] = useState<T>();
  useEffect(() => {
    const timer = setTimeout(() => setLasting(value), value === undefined ? 0 : delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return value === undefined ? undefined : lasting;
}
