import { useQueryClient } from '@tanstack/react-query';
import { getQueryKey } from '@trpc/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { receiveCounts } from '../cache/edits.ts';
import { GROUPS_HEAD_KEY, type LiveState, useLive } from '../cache/live-state.ts';
import type { Pages } from '../cache/pages.ts';
import { applyCount, unreadCountOf } from '../cache/unread-state.ts';
import { trpc } from '../trpc/trpc.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { useVisible } from '../ui/browser.ts';
import { schedule, useLasting } from '../ui/timers.ts';

/** Messages that arrive in the open thread count as unread after this many milliseconds: by then, most have been seen. */
const SEEN_WITHIN_MS = 500;
/** Recounts are collected for this many milliseconds, so that one request covers several. */
const RECOUNT_AFTER_MS = 1_000;
/** So much later, groups that are not loaded are counted once more: the stream's Lambda may be behind by some seconds. */
const RECOUNT_AGAIN_AFTER_MS = 15_000;
const NONE: readonly string[] = [];

/** Counts what is unread: in loaded groups from rows and events, in all others from the server's answer. */
export function useUnreadGroups(
  list: { data: Pages<MessageGroup> | undefined; hasNextPage: boolean },
  groups: readonly MessageGroup[],
  openGroup: string | undefined,
): UnreadGroups {
  const states = useLive(({ unread }) => unread);
  const [unchanged] = useState(createUnchanged);
  useCountRows(list.data);
  useRecount(states);
  const counts = trpc.messageGroups.counts.useQuery(undefined, { enabled: list.hasNextPage });
  const unreadOnServer = counts.data?.unreadGroupUuids ?? NONE;
  const unread = useMemo(() => summarizeUnread(groups, states, unreadOnServer), [groups, states, unreadOnServer]);
  const inView = useVisible() ? openGroup : undefined;
  const lasting = useLasting(inView !== undefined && unread.counts.has(inView) ? inView : undefined, SEEN_WITHIN_MS);
  return unchanged(inView === undefined || inView === lasting ? unread : withoutGroup(unread, inView));
}

/** Returns the earlier object while its numbers are the same: a message that is read at once changes none. */
function createUnchanged() {
  let last: UnreadGroups | undefined;
  const isSame = (unread: UnreadGroups) =>
    last?.total === unread.total &&
    last.counts.size === unread.counts.size &&
    [...unread.counts].every(([group, count]) => last?.counts.get(group) === count);
  return (unread: UnreadGroups): UnreadGroups => {
    if (last === undefined || !isSame(unread)) last = unread;
    return last;
  };
}

/** Applies the counts of the list's rows, each once: when an older page arrives, the newer ones are in the data again. */
export function useCountRows(list: Pages<MessageGroup> | undefined): void {
  const client = useQueryClient();
  const counted = useRef(new WeakSet<MessageGroup>());
  useEffect(() => {
    const rows = list?.pages.flatMap(({ items }) => items).filter((row) => !counted.current.has(row)) ?? [];
    if (rows.length === 0) return;
    for (const row of rows) counted.current.add(row);
    receiveCounts(client, rows);
  }, [list, client]);
}

/** Reads the newest rows again if a count is uncertain, once for each cause, and later each time that the server was behind. */
export function useRecount(states: LiveState['unread']): void {
  const client = useQueryClient();
  const uncertain = Object.values(states).filter(({ needsRecount }) => needsRecount !== null);
  const key = uncertain.map(({ needsRecount }) => needsRecount).join();
  const hasUnloaded = uncertain.some(({ unreadThrough }) => unreadThrough === '');
  const delay = RECOUNT_AFTER_MS * 2 ** Math.max(0, ...uncertain.map(({ recounts }) => recounts));
  useEffect(() => {
    if (key === '') return;
    const recountUnloaded = () => {
      if (hasUnloaded) void client.invalidateQueries({ queryKey: getQueryKey(trpc.messageGroups.counts) });
    };
    const cancel = schedule(() => {
      void client.invalidateQueries({ queryKey: GROUPS_HEAD_KEY });
      recountUnloaded();
    }, delay);
    const cancelAgain = schedule(recountUnloaded, delay + RECOUNT_AGAIN_AFTER_MS);
    return () => {
      cancel();
      cancelAgain();
    };
  }, [client, key, delay, hasUnloaded]);
}

interface UnreadGroups {
  /** Unread messages by loaded group, if there are any. */
  counts: ReadonlyMap<string, number>;
  /** Groups with unread messages, loaded or not. */
  total: number;
}

/** @param unreadOnServer - the groups with unread messages by the server's last answer, used for those that are not loaded */
export function summarizeUnread(
  groups: readonly MessageGroup[],
  states: LiveState['unread'],
  unreadOnServer: readonly string[],
): UnreadGroups {
  const counts = new Map<string, number>();
  const loaded = new Set<string>();
  for (const group of groups) {
    loaded.add(group.uuid);
    // A row that has just arrived has no state yet.
    const count = unreadCountOf(states[group.uuid] ?? applyCount(undefined, group));
    if (count > 0) counts.set(group.uuid, count);
  }
  return { counts, total: counts.size + unreadOnServer.filter((uuid) => !loaded.has(uuid)).length };
}

export function withoutGroup(unread: UnreadGroups, messageGroupUuid: string): UnreadGroups {
  if (!unread.counts.has(messageGroupUuid)) return unread;
  const counts = new Map(unread.counts);
  counts.delete(messageGroupUuid);
  return { counts, total: unread.total - 1 };
}
