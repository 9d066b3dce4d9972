import { createContext, useContext, useMemo } from 'react';
import type { useMessageGroups } from '../message-groups/use-message-groups.ts';
import { useVisible } from '../ui/use-visible.ts';
import { countUnread, NO_UNREAD, type UnreadGroups } from './unread-groups.ts';
import { useReadings, useRecount, useTakeRows } from './use-readings.ts';

/** What is unread; provided by the messages page. */
export const UnreadContext = createContext<UnreadGroups>(NO_UNREAD);

export const useUnread = (): UnreadGroups => useContext(UnreadContext);

/**
 * Counts what is unread in the loaded groups.
 *
 * @param open - the group that is open: while the page is looked at, nothing in it is unread
 */
export function useUnreadGroups(list: ReturnType<typeof useMessageGroups>, open: string | undefined): UnreadGroups {
  const { data, groups } = list;
  const readings = useReadings();
  const inView = useVisible() ? open : undefined;
  useTakeRows(data);
  useRecount(readings);
  return useMemo(() => countUnread(groups, readings, inView), [groups, readings, inView]);
}
