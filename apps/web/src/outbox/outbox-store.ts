import { foldAsciiCase } from '@cruddur/config';
import type { LocalStore } from '../ui/local-store.ts';
import { type OutboxItem, parseItem, retargetItems, sortItems } from './outbox-item.ts';

/** The unsent messages of one person. They survive a reload, and all tabs of the person see the same. */
export interface OutboxStore {
  /** In the order of writing. The same array until something changes. */
  items: () => readonly OutboxItem[];
  put(item: OutboxItem): void;
  remove(clientMessageUuid: string): void;
  subscribe: (listener: () => void) => () => void;
  /** Moves the messages that wait for a person to the pair's group, once it is known. */
  resolve(handle: string, messageGroupUuid: string): void;
  /** The group that was found or made for a handle since the page was opened. */
  groupOf(handle: string): string | undefined;
  /** Reads storage again: another tab may have changed it this instant. */
  refresh(): void;
}

/** Keys of all people's outboxes. */
export const OUTBOX_PREFIX = 'outbox:';

/** One key for each item, so that two tabs that write at once do not overwrite each other's. */
export function createOutboxStore(store: LocalStore, userId: string): OutboxStore {
  const prefix = `${OUTBOX_PREFIX}${userId}:`;
  const listeners = new Set<() => void>();
  const read = () => {
    const stored = store.keys(prefix).flatMap((key) => parseItem(store.get(key)) ?? []);
    const replaced = new Set(stored.map((item) => item.replaces));
    return sortItems(stored.filter((item) => !replaced.has(item.clientMessageUuid)));
  };
  const groups = new Map<string, string>();
  let items: readonly OutboxItem[] = read();
  // What a closed tab left behind: acknowledged items, which the thread has from the server, and replaced ones.
  for (const { sent, clientMessageUuid, replaces } of items) {
    if (sent) store.set(prefix + clientMessageUuid, null);
    if (replaces !== undefined) store.set(prefix + replaces, null);
  }
  items = items.filter((item) => !item.sent);
  const write = (item: OutboxItem) => store.set(prefix + item.clientMessageUuid, JSON.stringify(item));
  const changed = () => {
    items = read();
    for (const listener of listeners) listener();
  };
  let stopListening: (() => void) | undefined;
  return {
    items: () => items,
    put(item) {
      write(item);
      changed();
    },
    remove(clientMessageUuid) {
      store.set(prefix + clientMessageUuid, null);
      changed();
    },
    resolve(handle, messageGroupUuid) {
      groups.set(foldAsciiCase(handle), messageGroupUuid);
      for (const item of retargetItems(items, handle, messageGroupUuid)) write(item);
      changed();
    },
    groupOf: (handle) => groups.get(foldAsciiCase(handle)),
    subscribe(listener) {
      listeners.add(listener);
      stopListening ??= store.onOtherTab((key) => {
        if (key === null || key.startsWith(prefix)) changed();
      });
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stopListening?.();
        stopListening = undefined;
      };
    },
    refresh: changed,
  };
}

/** Marks an item as not sent, if it is still there: the person may have deleted it meanwhile. */
export function putIfPresent(store: OutboxStore, item: OutboxItem): void {
  if (store.items().some((known) => known.clientMessageUuid === item.clientMessageUuid)) store.put(item);
}
