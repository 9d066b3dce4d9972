import { DEFAULT_GROUP_STATE } from '@cruddur/config';
import type { QueryClient } from '@tanstack/react-query';
import { trpcKeys } from '../trpc/trpc.ts';
import type { Message, MessageGroup, MessagePage, PersonName } from '../trpc/types.ts';
import { withPart, withReadStates } from './group-state.ts';
import { heldMessages, heldRow, heldRows } from './held.ts';
import { addMessages, putGroups } from './lists.ts';
import { editLive, GROUPS_HEAD_KEY, getLive, type LiveState, THREAD_HEADS_KEY, threadHeadKey } from './live-state.ts';
import { newerCopy, putCopies } from './message-copies.ts';
import { compareTimes, toInfiniteData } from './pages.ts';
import { withoutTyping } from './signal-edits.ts';
import { applyCount, applyDeletion, applyMessage } from './unread-state.ts';

// Every edit is idempotent: an event may arrive twice. Each edits the live state once, so that the page renders once.

/**
 * Adds a message that the server has to its thread, its group's row and what is unread. If it was changed since, its newest copy
 * is used.
 *
 * @param person - the other person of the group, if the group may not be in the list yet
 * @param isRequest - whether it is of a request that the person has not answered. Their own message answers it
 * @returns whether it is new to the reader: the page did not have it, and it was not deleted since
 */
export function receiveMessage(
  client: QueryClient,
  myUuid: string,
  received: Message,
  person?: PersonName,
  isRequest = false,
): boolean {
  const group = received.messageGroupUuid;
  const clearedThrough = getLive(client).states[group]?.state.clearedThrough ?? null;
  // A message that overtook the clearing of its conversation.
  if (clearedThrough !== null && compareTimes(received.createdAt, clearedThrough) <= 0) return false;
  const known = heldMessages(client, group).get(received.uuid);
  // A change may have arrived before its message.
  const message = newerCopy(received, getLive(client).copies[group]?.[received.uuid]);
  const row = rowOf(client, message, person);
  const wasRequest = getLive(client).states[group]?.state.isRequest;
  editLive(client, (live) => {
    const added = {
      ...withMessages(live, group, [message]),
      groups: row ? putGroups(live.groups, [row]) : live.groups,
    };
    const next = withPartOf(added, group, isRequest, message.userUuid !== myUuid && known === undefined);
    const changed = withCopies(next, group, known && known.version >= message.version ? [] : [message]);
    if (message.userUuid === myUuid) return changed;
    const unread =
      message.deletedAt === null ? applyMessage(live.unread[group], message, known !== undefined) : undefined;
    return {
      ...(unread ? { ...changed, unread: { ...live.unread, [group]: unread } } : withDeletions(changed, [message])),
      typing: withoutTyping(live, group),
    };
  });
  if (row === undefined) void client.invalidateQueries({ queryKey: GROUPS_HEAD_KEY });
  countRequest(client, wasRequest, isRequest);
  return known === undefined && message.deletedAt === null;
}

/** What a message shows of the conversation's state: whether it is of a request, and if the other person could write it, that neither blocks. */
function withPartOf(live: LiveState, group: string, isRequest: boolean, isReached: boolean): LiveState {
  const { isRequest: wasRequest = false, canSend = true, isBlockedByMe } = live.states[group]?.state ?? {};
  const reach = isReached && !canSend && !isBlockedByMe ? { canSend: true, awaitsAcceptance: false } : {};
  if (wasRequest === isRequest && !('canSend' in reach)) return live;
  return withPart(live, group, { isRequest, ...reach });
}

/** Counts a conversation that became a request, or no longer is one. `undefined`: the page did not know whether it was. */
export function countRequest(client: QueryClient, was: boolean | undefined, is: boolean): void {
  if ((was ?? false) === is) return;
  const queryKey = trpcKeys.messageGroups.counts.queryKey();
  client.setQueryData(
    queryKey,
    (counts) => counts && { ...counts, requests: Math.max(0, counts.requests + (is ? Number(was === false) : -1)) },
  );
  void client.invalidateQueries({ queryKey });
}

/**
 * Applies a message that was edited, deleted or reacted to: to its thread, the quotes of it, its group's row and what is unread.
 * One that the page does not have is not added to the thread.
 *
 * @returns whether the page did not know of the change
 */
export function receiveChange(client: QueryClient, myUuid: string, message: Message): boolean {
  const { messageGroupUuid: group } = message;
  const known = newestCopy(client, message);
  if (known !== undefined && known.version >= message.version) return false;
  const isDeletion = message.userUuid !== myUuid && message.deletedAt !== null && known?.deletedAt == null;
  editLive(client, (live) => {
    const next = withCopies(live, group, [message]);
    return isDeletion ? withDeletions(next, [message], true) : next;
  });
  return true;
}

/** The newest copy of a message that the page has. */
export function newestCopy(
  client: QueryClient,
  { uuid, messageGroupUuid }: Pick<Message, 'uuid' | 'messageGroupUuid'>,
): Message | undefined {
  const copy = getLive(client).copies[messageGroupUuid]?.[uuid];
  const held = heldMessages(client, messageGroupUuid).get(uuid);
  return held ? newerCopy(held, copy) : copy;
}

/** The row of a message's group with this message; `undefined` if the group is not in the list and its person unknown. */
function rowOf(client: QueryClient, message: Message, person?: PersonName): MessageGroup | undefined {
  const { messageGroupUuid: uuid, userUuid: messageUserUuid, version: messageVersion, createdAt } = message;
  const isMessageDeleted = message.deletedAt !== null;
  const last = { uuid, message: message.message, messageUserUuid, messageVersion, isMessageDeleted, createdAt };
  const known = heldRow(client, uuid);
  if (known) return { ...known, ...last };
  if (person === undefined) return undefined;
  // Until its row is read, a new group's unread messages are counted from events only.
  const { handle, displayName } = person;
  return { handle, displayName, unreadCount: 0, unreadThrough: '', readAt: null, ...DEFAULT_GROUP_STATE, ...last };
}

/** Moves the heads up to a message of an open stream. Otherwise the next refresh would read all messages since again. */
export function advanceHeads(client: QueryClient, { messageGroupUuid, createdAt }: Message): void {
  for (const key of [threadHeadKey(messageGroupUuid), GROUPS_HEAD_KEY]) {
    // An invalidated head has a gap above it, which must not be forgotten.
    if (client.getQueryState(key)?.isInvalidated !== false) continue;
    client.setQueryData<string | null>(key, (head) => (head && compareTimes(head, createdAt) > 0 ? head : createdAt));
  }
}

/** Adds messages of a refreshed head, which the server has counted if they are unread, and applies changes of known ones. */
export function receiveHead(client: QueryClient, myUuid: string, group: string, messages: readonly Message[]): void {
  const edit = applyReread(client, myUuid, group, messages);
  editLive(client, (live) => withMessages(edit(live), group, messages));
}

/** Applies the changes of messages that were read again. */
export function receiveReread(client: QueryClient, myUuid: string, group: string, messages: readonly Message[]): void {
  editLive(client, applyReread(client, myUuid, group, messages));
}

function applyReread(client: QueryClient, myUuid: string, group: string, messages: readonly Message[]) {
  const held = heldMessages(client, group);
  const changed = messages.filter(({ uuid, version }) => version > (held.get(uuid)?.version ?? 0));
  const isDeletion = ({ uuid, userUuid, deletedAt }: Message) =>
    userUuid !== myUuid && deletedAt !== null && held.get(uuid)?.deletedAt === null;
  return (live: LiveState) => withDeletions(withCopies(live, group, changed), changed.filter(isDeletion));
}

/** Replaces a thread's newest pages: there may be a gap above what is loaded. Pages around a message stay. */
export async function replaceThread(client: QueryClient, group: string, pages: MessagePage[]): Promise<void> {
  const queryKey = trpcKeys.messages.list.infiniteQueryKey({ messageGroupUuid: group });
  // An older page on its way would bring the old pages back.
  await client.cancelQueries({ queryKey, exact: true });
  client.setQueryData(queryKey, toInfiniteData(pages));
}

/**
 * Removes what is loaded of threads that are not open, and the states of conversations that nothing shows: their changes
 * may have been missed. Opening one reads it again.
 */
export function dropClosedThreads(client: QueryClient): void {
  const queryKey = trpcKeys.messages.list.pathKey();
  client.removeQueries({ queryKey, type: 'inactive' });
  client.removeQueries({ queryKey: THREAD_HEADS_KEY, type: 'inactive' });
  const listed = new Set(heldRows(client).map(({ uuid }) => uuid));
  editLive(client, (live) => {
    const isLoaded = ([messageGroupUuid]: [string, unknown]) =>
      client.getQueriesData(trpcKeys.messages.list.infiniteQueryFilter({ messageGroupUuid })).length > 0;
    const isShown = (entry: [string, unknown]) => listed.has(entry[0]) || isLoaded(entry);
    return {
      ...live,
      messages: Object.fromEntries(Object.entries(live.messages).filter(isLoaded)),
      states: Object.fromEntries(Object.entries(live.states).filter(isShown)),
    };
  });
}

/** Adds rows that were read again, with their counts and states. `since`: when the reading began. */
export function receiveRows(client: QueryClient, rows: readonly MessageGroup[], since: number): void {
  const states = rows.map((row) => ({ ...row, messageGroupUuid: row.uuid }));
  editLive(client, (live) => {
    const next = withReadStates(withCounts(live, rows), states, since);
    return { ...next, groups: putGroups(live.groups, rows) };
  });
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

function withMessages(live: LiveState, messageGroupUuid: string, added: readonly Message[]): LiveState {
  const messages = addMessages(live.messages[messageGroupUuid] ?? [], added);
  return { ...live, messages: { ...live.messages, [messageGroupUuid]: messages } };
}

function withCopies(live: LiveState, messageGroupUuid: string, added: readonly Message[]): LiveState {
  const known = live.copies[messageGroupUuid] ?? {};
  const copies = putCopies(known, added);
  return copies === known ? live : { ...live, copies: { ...live.copies, [messageGroupUuid]: copies } };
}

/** @param isCounted - as far as is known, the server's count includes them */
function withDeletions(live: LiveState, deleted: readonly Message[], isCounted = false): LiveState {
  if (deleted.length === 0) return live;
  const unread = { ...live.unread };
  for (const message of deleted) {
    const { messageGroupUuid } = message;
    unread[messageGroupUuid] = applyDeletion(unread[messageGroupUuid], message, isCounted);
  }
  return { ...live, unread };
}
