import type { QueryClient } from '@tanstack/react-query';
import { trpcKeys } from '../trpc/trpc.ts';
import type { ReadMarker } from '../trpc/types.ts';
import { withPart } from './group-state.ts';
import { editLive, getLive, type LiveState } from './live-state.ts';
import { compareTimes } from './pages.ts';
import { applyMarker } from './unread-state.ts';

/** How long a person is shown as typing after their last signal, in milliseconds. */
const TYPING_MS = 5_000;

/** Shows the other person as typing for some seconds, or until their message arrives. */
export function receiveTyping(client: QueryClient, group: string): void {
  const now = performance.now();
  editLive(client, (live) => ({ ...live, typing: { ...live.typing, [group]: now } }));
  const end = () =>
    editLive(client, (live) => (live.typing[group] === now ? { ...live, typing: withoutTyping(live, group) } : live));
  setTimeout(end, TYPING_MS);
}

/** Forgets how far others have read, and who is typing: by the person's settings, both may be hidden now. */
export function forgetSignals(client: QueryClient, myUuid: string): void {
  editLive(client, (live) => {
    const own = Object.entries(live.markers).map(([group, markers]) => [
      group,
      markers.filter(({ userUuid }) => userUuid === myUuid),
    ]);
    return { ...live, markers: Object.fromEntries(own), typing: {} };
  });
}

/** Moves a member's read marker forwards. The signed-in person's own marker also updates the unread count, and ends an unread mark. */
export function receiveMarker(client: QueryClient, myUuid: string, marker: ReadMarker): void {
  const { messageGroupUuid: group, userUuid, readAt } = marker;
  const isMine = userUuid === myUuid;
  editLive(client, (live) => {
    const markers = { ...live.markers, [group]: putMarker(live.markers[group] ?? [], marker) };
    const isNew = markers[group]?.includes(marker);
    const isMarked = isMine && isNew && live.states[group]?.state.isMarkedUnread;
    const read = isMine ? withRead(live, group, readAt) : live;
    return { ...(isMarked ? withPart(read, group, { isMarkedUnread: false }) : read), markers };
  });
  // Only the server knows whether the marker reaches the end of a group that is not loaded.
  if (isMine && getLive(client).unread[group] === undefined) {
    void client.invalidateQueries(trpcKeys.messageGroups.counts.pathFilter());
  }
}

/** Replaces a person's marker by a later one. */
export function putMarker(markers: readonly ReadMarker[], marker: ReadMarker): ReadMarker[] {
  const known = markers.find(({ userUuid }) => userUuid === marker.userUuid);
  if (known !== undefined && compareTimes(known.readAt, marker.readAt) >= 0) return [...markers];
  return [...markers.filter((other) => other !== known), marker];
}

/** Counts a loaded group's messages as read up to a time. */
export function countAsRead(client: QueryClient, messageGroupUuid: string, readAt: string): void {
  editLive(client, (live) => withRead(live, messageGroupUuid, readAt));
}

export function withRead(live: LiveState, messageGroupUuid: string, readAt: string): LiveState {
  const known = live.unread[messageGroupUuid];
  return known ? { ...live, unread: { ...live.unread, [messageGroupUuid]: applyMarker(known, readAt) } } : live;
}

/** Who is typing, without the other person of a group. */
export function withoutTyping({ typing }: LiveState, group: string): LiveState['typing'] {
  const { [group]: _, ...others } = typing;
  return others;
}
