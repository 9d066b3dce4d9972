import type { LocalStore } from '../ui/local-store.ts';
import { itemsFor, type OutboxItem, parseOutboxItem, sortItems, targetKey } from './outbox-item.ts';

export const OUTBOX_PREFIX = 'outbox:';

export type OutboxStore = ReturnType<typeof createOutboxStore>;

/** The unsent messages of one person. They survive a reload, and all tabs of the person share them. */
export function createOutboxStore(local: LocalStore, userId: string) {
  const storage = itemStorage(local, `${OUTBOX_PREFIX}${userId}:`);
  const listeners = new Set<() => void>();
  storage.removeLeftovers();
  let items = storage.read();
  let stopListening = () => {};

  const refresh = () => {
    items = storage.read();
    for (const listener of listeners) {
      try {
        listener();
      } catch (error) {
        // A subscriber's bug must not change what happens to a message.
        console.error('The outbox failed.', error);
      }
    }
  };
  return {
    /** In the order of writing. The same array until something changes. */
    items: (): readonly OutboxItem[] => items,
    get: (id: string) => items.find(({ clientMessageUuid }) => clientMessageUuid === id),
    /** Also removes the item that this one replaces. */
    put(item: OutboxItem) {
      storage.write(item);
      refresh();
    },
    remove(id: string) {
      storage.remove(id);
      refresh();
    },
    /** Moves a person's messages to the group with that person, once it is known. */
    retarget(handle: string, messageGroupUuid: string) {
      for (const item of itemsFor(storage.read(), targetKey({ handle }))) {
        storage.write({ ...item, target: { messageGroupUuid } });
      }
      refresh();
    },
    subscribe: (listener: () => void) => {
      if (listeners.size === 0) stopListening = storage.onOtherTab(refresh);
      listeners.add(listener);
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) stopListening();
      };
    },
    /** Reads storage again: another tab may just have changed it. */
    refresh,
  };
}

/** Items in storage. Each has its own key, so that tabs that write at the same time do not overwrite each other's. */
function itemStorage(local: LocalStore, prefix: string) {
  const remove = (id: string) => local.set(prefix + id, null);
  const read = () => {
    const stored = local.keys(prefix).flatMap((key) => parseOutboxItem(local.get(key)) ?? []);
    const replaced = new Set(stored.map((item) => item.replaces));
    return sortItems(stored.filter((item) => !replaced.has(item.clientMessageUuid)));
  };
  return {
    read,
    remove,
    write(item: OutboxItem) {
      local.set(prefix + item.clientMessageUuid, JSON.stringify(item));
      if (item.replaces !== undefined) remove(item.replaces);
    },
    /** Removes what a closed tab left: acknowledged items, which the server has, and replaced ones. */
    removeLeftovers() {
      for (const { sent, clientMessageUuid, replaces } of read()) {
        if (sent) remove(clientMessageUuid);
        if (replaces !== undefined) remove(replaces);
      }
    },
    onOtherTab: (listener: () => void) =>
      local.onOtherTab((key) => {
        if (key === null || key.startsWith(prefix)) listener();
      }),
  };
}
