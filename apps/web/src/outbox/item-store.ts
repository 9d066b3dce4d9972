import type { LocalStore } from '../ui/local-store.ts';

interface ItemKind<Item> {
  /** The start of the items' keys in storage. */
  prefix: string;
  idOf: (item: Item) => string;
  /** Reads an item back; `null` if it is damaged. */
  parse: (text: string | null) => Item | null;
  /** Sorts the stored items, and leaves out the obsolete ones. */
  arrange: (stored: Item[]) => Item[];
}

export type ItemStore<Item> = ReturnType<typeof createItemStore<Item>>;

/** The items that wait to be sent. They survive a reload, and all tabs of the person share them. */
export function createItemStore<Item>(local: LocalStore, kind: ItemKind<Item>) {
  const storage = itemStorage(local, kind);
  const listeners = new Set<() => void>();
  let items = storage.read();
  let stopListening = () => {};

  const refresh = () => {
    items = storage.read();
    for (const listener of listeners) {
      try {
        listener();
      } catch (error) {
        // A subscriber's bug must not change what happens to an item.
        console.error('The outbox failed.', error);
      }
    }
  };
  /** Writes and removes items as one change. */
  const edit = ({ put = [], remove = [] }: { put?: readonly Item[]; remove?: readonly string[] }) => {
    for (const item of put) storage.write(item);
    for (const id of remove) storage.remove(id);
    refresh();
  };
  return {
    /** In the order of writing. The same array until something changes. */
    items: (): readonly Item[] => items,
    get: (id: string) => items.find((item) => kind.idOf(item) === id),
    edit,
    put: (item: Item) => edit({ put: [item] }),
    remove: (id: string) => edit({ remove: [id] }),
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
function itemStorage<Item>(local: LocalStore, { prefix, idOf, parse, arrange }: ItemKind<Item>) {
  /** What was read last, by key: an unchanged item stays the same object, so that its row is not rendered again. */
  let known = new Map<string, { text: string | null; item: Item | null }>();
  const readItem = (key: string) => {
    const text = local.get(key);
    const last = known.get(key);
    return last?.text === text ? last : { text, item: parse(text) };
  };
  return {
    read() {
      known = new Map(local.keys(prefix).map((key) => [key, readItem(key)]));
      return arrange([...known.values()].flatMap(({ item }) => item ?? []));
    },
    write: (item: Item) => local.set(prefix + idOf(item), JSON.stringify(item)),
    remove: (id: string) => local.set(prefix + id, null),
    onOtherTab: (listener: () => void) =>
      local.onOtherTab((key) => {
        if (key === null || key.startsWith(prefix)) listener();
      }),
  };
}
