import { foldAsciiCase } from '@cruddur/config';
import type { LocalStore } from '../ui/local-store.ts';
import { itemsFor, type OutboxItem, parseItem, sortItems, targetKey } from './outbox-item.ts';

/** The unsent messages of one person. They survive a reload, and all tabs of the person share them. */
export interface OutboxStore {
  /** In the order of writing. The same array until something changes. */
  items: () => readonly OutboxItem[];
  get(clientMessageUuid: string): OutboxItem | undefined;
  put(item: OutboxItem): void;
  /** Puts an item in the place of another one, which may have the same id. */
  replace(clientMessageUuid: string, item: OutboxItem): void;
  remove(clientMessageUuid: string): void;
  subscribe: (listener: () => void) => () => void;
  /** Moves a person's messages to the group with that person, once it is known. */
  resolve(handle: string, messageGroupUuid: string): void;
  /** The group that was found or made for a handle since the page was opened. */
  groupOf(handle: string): string | undefined;
  /** Reads storage again: another tab may just have changed it. */
  refresh(): void;
}

/** Keys of all people's outboxes. */
export const OUTBOX_PREFIX = 'outbox:';

/** Logs an error that is a bug or a browser's refusal. */
export const logOutboxError = (error: unknown): void => console.error('The outbox failed.', error);

/** @param report - receives what a subscriber throws, which must not change what happens to a message */
export function createOutboxStore(local: LocalStore, userId: string, report = logOutboxError): OutboxStore {
  const storage = itemStorage(local, `${OUTBOX_PREFIX}${userId}:`);
  const groups = new Map<string, string>();
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
        report(error);
      }
    }
  };
  const change = (edit: () => void) => {
    edit();
    refresh();
  };
  return {
    items: () => items,
    get: (id) => items.find(({ clientMessageUuid }) => clientMessageUuid === id),
    put: (item) => change(() => storage.write(item)),
    replace: (id, item) =>
      change(() => {
        storage.write(item);
        if (item.clientMessageUuid !== id) storage.remove(id);
      }),
    remove: (id) => change(() => storage.remove(id)),
    resolve(handle, messageGroupUuid) {
      groups.set(foldAsciiCase(handle), messageGroupUuid);
      change(() => storage.retarget(handle, messageGroupUuid));
    },
    groupOf: (handle) => groups.get(foldAsciiCase(handle)),
    subscribe(listener) {
      if (listeners.size === 0) stopListening = storage.onOtherTab(refresh);
      listeners.add(listener);
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) stopListening();
      };
    },
    refresh,
  };
}

/** Items in storage. Each has its own key, so that tabs that write at the same time do not overwrite each other's. */
function itemStorage(local: LocalStore, prefix: string) {
  const write = (item: OutboxItem) => local.set(prefix + item.clientMessageUuid, JSON.stringify(item));
  const remove = (id: string) => local.set(prefix + id, null);
  const read = () => {
    const stored = local.keys(prefix).flatMap((key) => parseItem(local.get(key)) ?? []);
    const replaced = new Set(stored.map((item) => item.replaces));
    return sortItems(stored.filter((item) => !replaced.has(item.clientMessageUuid)));
  };
  return {
    read,
    write,
    remove,
    retarget(handle: string, messageGroupUuid: string) {
      for (const item of itemsFor(read(), targetKey({ handle }))) write({ ...item, target: { messageGroupUuid } });
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
