import { type QueryClient, skipToken, useQuery } from '@tanstack/react-query';
import type { Message, MessageGroup, ReadMarker } from '../trpc/types.ts';
import { LIVE_KEY } from './keys.ts';
import type { UnreadStates } from './unread-state.ts';

/**
 * What has happened since the pages were read: events, messages sent from here, and refreshed heads. It is kept apart from
 * the pages, because an older page that arrives writes all of them back as they were when it was requested, which would
 * undo edits of them (docs/decisions/0007).
 */
export interface LiveState {
  groups: readonly MessageGroup[];
  /** By group, oldest first. */
  messages: Readonly<Record<string, readonly Message[]>>;
  /** By group. */
  markers: Readonly<Record<string, readonly ReadMarker[]>>;
  /** By group. */
  unread: UnreadStates;
  /** The groups in which the other person is typing, with the time of their last signal. */
  typing: Readonly<Record<string, number>>;
}

const NOTHING: LiveState = { groups: [], messages: {}, markers: {}, unread: {}, typing: {} };

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
    select,
  });
  return data ?? select(NOTHING);
}
