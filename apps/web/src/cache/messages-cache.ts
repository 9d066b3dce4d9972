import type { Message } from '../trpc/types.ts';
import { compareTimes, type Page, type Pages } from './pages.ts';

/**
 * All loaded messages of a thread, oldest first, each once.
 *
 * @param data - the pages as they were read
 * @param recent - what came since: sent from here, by events, or with the newest page; oldest first
 */
export function flattenMessages(data: Pages<Message> | undefined, recent: readonly Message[]): Message[] {
  if (data === undefined) return [];
  const read = data.pages.toReversed().flatMap((page) => page.items);
  const oldest = read[0];
  const hasOlder = data.pages.at(-1)?.nextCursor != null;
  // Of a cache that was read anew, `recent` may hold messages older than all pages: shown, they would hide a gap.
  const reached = (message: Message) =>
    !hasOlder || (oldest !== undefined && compareTimes(message.createdAt, oldest.createdAt) >= 0);
  return addMessages(withoutDoubles(read), recent.filter(reached));
}

function withoutDoubles(messages: readonly Message[]): Message[] {
  const seen = new Set<string>();
  return messages.filter((message) => !seen.has(message.uuid) && seen.add(message.uuid));
}

/** Adds messages, each at its time; those that are known stay as they are. */
export function addMessages(messages: readonly Message[], added: readonly Message[]): Message[] {
  const known = new Set(messages.map((message) => message.uuid));
  const all = [...messages];
  for (const message of added) {
    if (known.has(message.uuid)) continue;
    known.add(message.uuid);
    // From the end: what comes in is nearly always the newest.
    let at = all.length;
    while (at > 0 && compareTimes(all[at - 1]?.createdAt ?? '', message.createdAt) > 0) at--;
    all.splice(at, 0, message);
  }
  return all;
}

/** Whether a message stands in a thread's pages, or came since. */
export function hasMessage(data: Pages<Message> | undefined, recent: readonly Message[], uuid: string): boolean {
  const isIt = (message: Message) => message.uuid === uuid;
  return recent.some(isIt) || (data?.pages.some((page) => page.items.some(isIt)) ?? false);
}

/** The newest message of a page: newest pages that reach down to it leave no gap. */
export function newestOf(page: Page<Message> | undefined): Message | undefined {
  return page?.items.at(-1);
}

/** Whether a page holds the anchor, or messages older than it. */
export function reachesAnchor(page: Page<Message>, anchor: Message | undefined): boolean {
  if (anchor === undefined) return false;
  return page.items.some((message) => compareTimes(message.createdAt, anchor.createdAt) <= 0);
}

/** What newest pages (newest first) bring that the loaded pages don't have, oldest first. */
export function newMessages(data: Pages<Message>, fetched: readonly Page<Message>[]): Message[] {
  const known = new Set(data.pages.flatMap((page) => page.items.map((message) => message.uuid)));
  return fetched
    .toReversed()
    .flatMap((page) => page.items)
    .filter((message) => !known.has(message.uuid));
}
