import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useContext, useEffect, useMemo, useRef, useState } from 'react';
import { receiveCounts } from '../cache/edits.ts';
import { isMuted, withChoices } from '../cache/group-state.ts';
import { GROUPS_HEAD_KEY, type LiveState, useLive } from '../cache/live-state.ts';
import type { Pages } from '../cache/pages.ts';
import { applyCount, unreadCountOf } from '../cache/unread-state.ts';
import { trpcKeys, useTRPC } from '../trpc/trpc.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { useVisible } from '../ui/browser.ts';
import { ClockContext, schedule, useLasting } from '../ui/timers.ts';

/** Messages that arrive in the open thread count as unread after this many milliseconds: by then, most have been seen. */
const SEEN_WITHIN_MS = 500;
/** Recounts are collected for this many milliseconds, so that one request covers several. */
const RECOUNT_AFTER_MS = 1_000;
/** So much later, groups that are not loaded are counted once more: the stream's Lambda may be behind by some seconds. */
const RECOUNT_AGAIN_AFTER_MS = 15_000;
const NONE: readonly string[] = [];
/** The longest delay of a timer, in milliseconds. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/**
 * Counts what is unread: in loaded groups from rows and events, in all others from the server's answer. Muted groups and requests
 * are not among them. Counts requests, too.
 *
 * @param groups - those in the list, without requests
 */
export function useUnreadGroups(
  list: { data: Pages<MessageGroup> | undefined; hasNextPage: boolean },
  groups: readonly MessageGroup[],
  openGroup: string | undefined,
): UnreadGroups & { requests: number } {
  const trpc = useTRPC();
  const states = useLive(({ unread }) => unread);
  const [unchanged] = useState(createUnchanged);
  useCountRows(list.data);
  useRecount(states);
  const counts = useQuery(trpc.messageGroups.counts.queryOptions(undefined, { enabled: list.data !== undefined }));
  const unreadOnServer = counts.data?.unreadGroupUuids ?? NONE;
  const now = useMuteClock(groups);
  const held = useLive((live) => live.groups);
  // Also those that are not shown: whether they count is known here.
  const unloaded = useMemo(() => {
    const loaded = new Set(
      [...(list.data?.pages.flatMap(({ items }) => items) ?? []), ...held].map(({ uuid }) => uuid),
    );
    return unreadOnServer.filter((uuid) => !loaded.has(uuid));
  }, [list.data, held, unreadOnServer]);
  const unread = useMemo(() => summarizeUnread(groups, states, unloaded, now), [groups, states, unloaded, now]);
  const inView = useVisible() ? openGroup : undefined;
  const lasting = useLasting(inView !== undefined && unread.counts.has(inView) ? inView : undefined, SEEN_WITHIN_MS);
  const answered = useLive(countAnswered);
  const requests = Math.max(0, (counts.data?.requests ?? 0) - answered);
  const shown = unchanged(inView === undefined || inView === lasting ? unread : withoutGroup(unread, inView));
  return useMemo(() => ({ ...shown, requests }), [shown, requests]);
}

/** The requests that the person has just answered, which the server still counts. */
function countAnswered({ states, choices }: LiveState): number {
  return Object.keys(choices).filter((uuid) => {
    const { state } = states[uuid] ?? {};
    return state?.isRequest && !withChoices(state, choices[uuid]).isRequest;
  }).length;
}

/** The server's time in milliseconds, updated when a mute ends. */
function useMuteClock(groups: readonly MessageGroup[]): number {
  const clock = useContext(ClockContext);
  const [now, setNow] = useState(clock);
  const ends = groups.map(({ mutedUntil }) => Date.parse(mutedUntil ?? '')).filter((end) => end > now);
  const next = Math.min(now + TIMER_MAX_MS, ...ends);
  useEffect(() => schedule(() => setNow(clock()), next - clock()), [clock, next]);
  return now;
}

/** Returns the earlier object while its numbers are the same: a message that is read at once changes none. */
function createUnchanged() {
  let last: UnreadGroups | undefined;
  const isSame = (unread: UnreadGroups) =>
    last?.total === unread.total &&
    last.counted.size === unread.counted.size &&
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
      if (hasUnloaded) void client.invalidateQueries(trpcKeys.messageGroups.counts.pathFilter());
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
  /** The loaded groups that are in `total` only because of these messages. */
  counted: ReadonlySet<string>;
  /** Groups with unread messages or marked as unread, loaded or not. Muted ones are not among them. */
  total: number;
}

/**
 * @param unloaded - the unread groups by the server's last answer that are not loaded
 * @param now - milliseconds since the epoch
 */
export function summarizeUnread(
  groups: readonly MessageGroup[],
  states: LiveState['unread'],
  unloaded: readonly string[],
  now: number,
): UnreadGroups {
  const counts = new Map<string, number>();
  const counted = new Set<string>();
  let marked = 0;
  for (const group of groups) {
    // A row that has just arrived has no state yet.
    const count = unreadCountOf(states[group.uuid] ?? applyCount(undefined, group));
    if (count > 0) counts.set(group.uuid, count);
    if (isMuted(group.mutedUntil, now)) continue;
    if (group.isMarkedUnread) marked++;
    else if (count > 0) counted.add(group.uuid);
  }
  return { counts, counted, total: counted.size + marked + unloaded.length };
}

export function withoutGroup(unread: UnreadGroups, messageGroupUuid: string): UnreadGroups {
  if (!unread.counts.has(messageGroupUuid)) return unread;
  const [counts, counted] = [new Map(unread.counts), new Set(unread.counted)];
  counts.delete(messageGroupUuid);
  return { counts, counted, total: unread.total - Number(counted.delete(messageGroupUuid)) };
}
