import { type QueryClient, replaceEqualDeep, skipToken, useQuery } from '@tanstack/react-query';
import type { Message, MessageGroup, ReadMarker } from '../trpc/types.ts';
import type { Choice, KnownState } from './group-state.ts';
import type { Copies } from './message-copies.ts';
import type { UnreadState } from './unread-state.ts';

/**
 * Changes since the pages were read: events, messages sent from here, and refreshed heads. They are kept apart from
 * the pages, because an older page that arrives writes all of them back as they were when it was requested, which would
 * undo edits of them (docs/decisions/0007). Records are by group.
 */
export interface LiveState {
  groups: readonly MessageGroup[];
  /** Oldest first. */
  messages: Readonly<Record<string, readonly Message[]>>;
  /** Also of messages that are not loaded: they may be older than the pages, or their own event has yet to come. */
  copies: Readonly<Record<string, Copies>>;
  markers: Readonly<Record<string, readonly ReadMarker[]>>;
  unread: Readonly<Record<string, UnreadState>>;
  /** The groups' states for the person, also of some that are in no list. */
  states: Readonly<Record<string, KnownState>>;
  /** What the person has chosen and the server has not answered, in this order. */
  choices: Readonly<Record<string, readonly Choice[]>>;
  /** The time of the other person's last signal while they type. */
  typing: Readonly<Record<string, number>>;
}

const LIVE_KEY = ['live'] as const;
const NOTHING: LiveState = {
  groups: [],
  messages: {},
  copies: {},
  markers: {},
  unread: {},
  states: {},
  choices: {},
  typing: {},
};

/** The refreshes of the newest pages. Their data is the time of the newest item that is known without a gap below it. */
export const HEADS_KEY = ['head'] as const;
export const GROUPS_HEAD_KEY = [...HEADS_KEY, 'message-groups'] as const;
export const THREAD_HEADS_KEY = [...HEADS_KEY, 'messages'] as const;
export const threadHeadKey = (messageGroupUuid: string) => [...THREAD_HEADS_KEY, messageGroupUuid] as const;

export function getLive(client: QueryClient): LiveState {
  return client.getQueryData<LiveState>(LIVE_KEY) ?? NOTHING;
}

export function editLive(client: QueryClient, edit: (live: LiveState) => LiveState): void {
  client.setQueryData<LiveState>(LIVE_KEY, (live = NOTHING) => edit(live));
}

/** Reads a part of the live state, and renders again when that part changes. */
export function useLive<T>(select: (live: LiveState) => T): T {
  const { data } = useQuery<LiveState, Error, T>({
    queryKey: LIVE_KEY,
    queryFn: skipToken,
    initialData: NOTHING,
    gcTime: Number.POSITIVE_INFINITY,
    structuralSharing: share,
    select,
  });
  return data ?? select(NOTHING);
}

/** TanStack Query's structural sharing, except that a row stays the same object when it moves in its list. */
function share(before: unknown, next: unknown): unknown {
  if (isList(before) && isList(next)) return shareList(before, next);
  if (!isLive(before) || !isLive(next)) return replaceEqualDeep(before, next);
  const groups = shareList(before.groups, next.groups);
  const others = replaceEqualDeep({ ...before, groups }, { ...next, groups });
  return groups === before.groups && isSameRecord(before, others) ? before : others;
}

type Row = { uuid: string };
const isList = (value: unknown): value is readonly Row[] => Array.isArray(value) && value[0]?.uuid !== undefined;
const isLive = (value: unknown): value is LiveState =>
  typeof value === 'object' && value !== null && 'groups' in value && 'choices' in value;
const isSameRecord = <T extends object>(one: T, other: T) =>
  Object.entries(one).every(([key, value]) => value === other[key as keyof T]);

function shareList<R extends Row>(before: readonly R[], next: readonly R[]): readonly R[] {
  const known = new Map(before.map((row) => [row.uuid, row]));
  const shared = next.map((row) => replaceEqualDeep(known.get(row.uuid), row));
  return shared.length === before.length && shared.every((row, index) => row === before[index]) ? before : shared;
}
