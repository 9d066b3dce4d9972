import { foldAsciiCase } from '@cruddur/config';
import type { Message, MessageGroup } from '../trpc/types.ts';
import { isCleared, withShownState } from './group-state.ts';
import type { LiveState } from './live-state.ts';
import { applyCopiesToRow, newerCopy } from './message-copies.ts';
import { compareTimes, type Pages } from './pages.ts';
import { isRestored } from './restored.ts';

/** All loaded messages of a thread, oldest first, each once. */
export function flattenMessages(data: Pages<Message> | undefined, live: readonly Message[]): Message[] {
  if (data === undefined) return [];
  const read = data.pages.toReversed().flatMap((page) => page.items);
  const oldest = read[0];
  const hasOlder = data.pages.at(-1)?.nextCursor != null;
  // After the pages were replaced, live messages may be older than all of them: showing these would hide a gap.
  const reached = (message: Message) =>
    !hasOlder || (oldest !== undefined && compareTimes(message.createdAt, oldest.createdAt) >= 0);
  // Between an earlier visit and what arrives now, messages are missing.
  return addMessages(withoutDuplicates(read), isRestored(data) ? [] : live.filter(reached));
}

function withoutDuplicates(messages: readonly Message[]): Message[] {
  const newest = new Map<string, Message>();
  for (const message of messages) newest.set(message.uuid, newerCopy(message, newest.get(message.uuid)));
  return [...newest.values()];
}

/** Inserts messages by time. Known messages stay as they are. */
export function addMessages(messages: readonly Message[], added: readonly Message[]): Message[] {
  const known = new Set(messages.map((message) => message.uuid));
  const all = [...messages];
  for (const message of added) {
    if (known.has(message.uuid)) continue;
    known.add(message.uuid);
    // From the end: a new message is nearly always the newest.
    let at = all.length;
    while (at > 0 && compareTimes(all[at - 1]?.createdAt ?? '', message.createdAt) > 0) at--;
    all.splice(at, 0, message);
  }
  return all;
}

const compareRows = (a: MessageGroup, b: MessageGroup) =>
  compareTimes(a.createdAt, b.createdAt) || a.messageVersion - b.messageVersion;

/** Pinned ones first, then by their last messages, newest first. */
export const compareGroups = (a: MessageGroup, b: MessageGroup) =>
  Number(b.isPinned) - Number(a.isPinned) || compareTimes(b.createdAt, a.createdAt);

/**
 * All loaded groups in their order, each once: a group that moved between two reads is in both pages. Cleared ones are left out,
 * requests are among them.
 */
export function flattenGroups(
  data: Pages<MessageGroup> | undefined,
  live: Pick<LiveState, 'groups' | 'copies' | 'states' | 'choices'>,
): MessageGroup[] {
  if (data === undefined) return [];
  const read = data.pages.flatMap(({ items }) => items);
  return putGroups(read, live.groups)
    .map((row) => withShownState(applyCopiesToRow(row, live.copies[row.uuid]), live))
    .filter((row) => !isCleared(row))
    .sort(compareGroups);
}

/** Merges rows into the list. Of each group, the row with the latest message and its newest version wins; on a tie, the added one. */
export function putGroups(groups: readonly MessageGroup[], put: readonly MessageGroup[]): MessageGroup[] {
  const newest = new Map<string, MessageGroup>();
  for (const group of [...groups, ...put]) {
    const known = newest.get(group.uuid);
    if (known === undefined || compareRows(group, known) >= 0) newest.set(group.uuid, group);
  }
  return [...newest.values()].sort(compareGroups);
}

/** The group with the person of this handle, compared as the server compares handles. */
export function findGroupByHandle(groups: readonly MessageGroup[], handle: string): MessageGroup | undefined {
  const wanted = foldAsciiCase(handle);
  return groups.find((group) => foldAsciiCase(group.handle) === wanted);
}
