import type { LocalStore } from '../ui/local-store.ts';
import { type OutboxItem, parseItem, retargetItems, sortItems } from './outbox-item.ts';

/** The messages of one person that are on their way. They survive a reload; all tabs of the person see the same. */
export interface OutboxStore {
  /** In the order of writing. The same array until something changes. */
  items: () => readonly OutboxItem[];
  put(item: OutboxItem): void;
  remove(clientMessageUuid: string): void;
  subscribe: (listener: () => void) => () => void;
  /** Takes in that a person's group is known now: what waits for the person, waits for the group. */
  resolve(handle: string, messageGroupUuid: string): void;
  /** The group that was found or made for a handle since the page was opened. */
  groupOf(handle: string): string | undefined;
  /** Reads again what another tab may have changed this instant. */
  refresh(): void;
}

/** Keys of one person's outbox. */
export const outboxPrefix = (userId: string) => `outbox:${userId}:`;

/** One key an item, so that two tabs that write at once lose nothing of each other's. */
export function createOutboxStore(store: LocalStore, userId: string): OutboxStore {
  const prefix = outboxPrefix(userId);
  const listeners = new Set<() => void>();
  const read = () =>
    sortItems(
      store
        .keys(prefix)
        .map((key) => parseItem(store.get(key)))
        .filter((item) => item !== null),
    );
  const groups = new Map<string, string>();
  let items: readonly OutboxItem[] = read();
  // Acknowledged ones that a tab left behind; whoever opens a page reads them from the server.
  for (const item of items) if (item.sent) store.set(prefix + item.clientMessageUuid, null);
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
      groups.set(handle.toLowerCase(), messageGroupUuid);
      for (const item of retargetItems(items, handle, messageGroupUuid)) write(item);
      changed();
    },
    groupOf: (handle) => groups.get(handle.toLowerCase()),
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
