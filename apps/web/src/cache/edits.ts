import type { QueryClient } from '@tanstack/react-query';
import { getQueryKey } from '@trpc/react-query';
import { trpc } from '../trpc/trpc.ts';
import type { Message, MessageGroup, PersonName, ReadMarker } from '../trpc/types.ts';
import { addMessages, flattenGroups, putGroups } from './lists.ts';
import { editLive, GROUPS_HEAD_KEY, getLive, type LiveState, threadHeadKey } from './live-state.ts';
import { compareTimes, type Pages } from './pages.ts';
import { applyCount, applyMarker, applyMessage } from './unread-state.ts';

/** How long a person is shown as typing after their last signal, in milliseconds. */
const TYPING_MS = 5_000;

// Every edit is idempotent: an event may arrive twice. Each edits the live state once, so that the page renders once.

/**
 * Adds a message that the server has to its thread, its group's row and what is unread.
 *
 * @param person - the other person of the group, if the group may not be in the list yet
 * @returns false if the message was known
 */
export function receiveMessage(client: QueryClient, myUuid: string, message: Message, person?: PersonName): boolean {
  const group = message.messageGroupUuid;
  const isKnown = loadedMessages(client, group).some(({ uuid }) => uuid === message.uuid);
  const row = rowOf(client, message, person);
  editLive(client, (live) => {
    const next = { ...withMessages(live, group, [message]), groups: row ? putGroups(live.groups, [row]) : live.groups };
    if (message.userUuid === myUuid) return next;
    const unread = { ...live.unread, [group]: applyMessage(live.unread[group], message, isKnown) };
    return { ...next, unread, typing: without(live.typing, group) };
  });
  if (row === undefined) void client.invalidateQueries({ queryKey: GROUPS_HEAD_KEY });
  return !isKnown;
}

function loadedMessages(client: QueryClient, messageGroupUuid: string): Message[] {
  const key = getQueryKey(trpc.messages.list, { messageGroupUuid }, 'infinite');
  const read = client.getQueryData<Pages<Message>>(key)?.pages.flatMap(({ items }) => items) ?? [];
  return [...read, ...(getLive(client).messages[messageGroupUuid] ?? [])];
}

/** The row of a message's group with this message; `undefined` if the group is not in the list and its person unknown. */
function rowOf(client: QueryClient, message: Message, person?: PersonName): MessageGroup | undefined {
  const { messageGroupUuid: uuid, userUuid: messageUserUuid, version: messageVersion, createdAt } = message;
  const isMessageDeleted = message.deletedAt !== null;
  const list = client.getQueryData<Pages<MessageGroup>>(getQueryKey(trpc.messageGroups.list, {}, 'infinite'));
  const last = { uuid, message: message.message, messageUserUuid, messageVersion, isMessageDeleted, createdAt };
  const known = flattenGroups(list, getLive(client).groups).find((group) => group.uuid === uuid);
  if (known) return { ...known, ...last };
  if (person === undefined) return undefined;
  // Until its row is read, a new group's unread messages are counted from events only.
  const { handle, displayName } = person;
  return { handle, displayName, unreadCount: 0, unreadThrough: '', readAt: null, ...last };
}

/** Moves the heads up to a message of an open stream. Otherwise the next refresh would read all messages since again. */
export function advanceHeads(client: QueryClient, { messageGroupUuid, createdAt }: Message): void {
  for (const key of [threadHeadKey(messageGroupUuid), GROUPS_HEAD_KEY]) {
    // An invalidated head has a gap above it, which must not be forgotten.
    if (client.getQueryState(key)?.isInvalidated !== false) continue;
    client.setQueryData<string | null>(key, (head) => (head && compareTimes(head, createdAt) > 0 ? head : createdAt));
  }
}

/** Shows the other person as typing for some seconds, or until their message arrives. */
export function receiveTyping(client: QueryClient, group: string): void {
  const now = performance.now();
  editLive(client, (live) => ({ ...live, typing: { ...live.typing, [group]: now } }));
  const end = () =>
    editLive(client, (live) => (live.typing[group] === now ? { ...live, typing: without(live.typing, group) } : live));
  setTimeout(end, TYPING_MS);
}

/** Moves a member's read marker forwards. The signed-in person's own marker also updates the unread count. */
export function receiveMarker(client: QueryClient, myUuid: string, marker: ReadMarker): void {
  const { messageGroupUuid: group, userUuid, readAt } = marker;
  const isMine = userUuid === myUuid;
  editLive(client, (live) => {
    const markers = { ...live.markers, [group]: putMarker(live.markers[group] ?? [], marker) };
    return { ...(isMine ? withRead(live, group, readAt) : live), markers };
  });
  // Only the server knows whether the marker reaches the end of a group that is not loaded.
  if (isMine && getLive(client).unread[group] === undefined) {
    void client.invalidateQueries({ queryKey: getQueryKey(trpc.messageGroups.counts) });
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

/** Adds messages of a refreshed head, which the server has counted if they are unread. */
export function receiveHead(client: QueryClient, messageGroupUuid: string, messages: readonly Message[]): void {
  editLive(client, (live) => withMessages(live, messageGroupUuid, messages));
}

/** Adds rows of the list's refreshed head, and their counts. */
export function receiveRows(client: QueryClient, rows: readonly MessageGroup[]): void {
  editLive(client, (live) => ({ ...withCounts(live, rows), groups: putGroups(live.groups, rows) }));
}

/** Applies the unread counts of the server's rows. */
export function receiveCounts(client: QueryClient, rows: readonly MessageGroup[]): void {
  editLive(client, (live) => withCounts(live, rows));
}

function withCounts(live: LiveState, rows: readonly MessageGroup[]): LiveState {
  const unread = { ...live.unread };
  for (const row of rows) unread[row.uuid] = applyCount(unread[row.uuid], row);
  return { ...live, unread };
}

function withRead(live: LiveState, messageGroupUuid: string, readAt: string): LiveState {
  const known = live.unread[messageGroupUuid];
  return known ? { ...live, unread: { ...live.unread, [messageGroupUuid]: applyMarker(known, readAt) } } : live;
}

function withMessages(live: LiveState, messageGroupUuid: string, added: readonly Message[]): LiveState {
  const messages = addMessages(live.messages[messageGroupUuid] ?? [], added);
  return { ...live, messages: { ...live.messages, [messageGroupUuid]: messages } };
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _, ...others } = record;
  return others;
}
