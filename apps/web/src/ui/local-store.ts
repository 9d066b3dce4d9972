/** Everything that the page keeps in `localStorage` stands under this prefix. */
export const STORAGE_PREFIX = 'cruddur:';

/** Text by key, kept over reloads and shared by the tabs of one person. */
export interface LocalStore {
  get(key: string): string | null;
  /** `null` removes the key. */
  set(key: string, value: string | null): void;
  keys(prefix: string): string[];
  /** Called when another tab changed a key (`null`: all of them). Returns what ends it. */
  onOtherTab(listener: (key: string | null) => void): () => void;
}

type StorageEvents = Pick<Window, 'addEventListener' | 'removeEventListener'>;

/** The browser's `localStorage` under our prefix. What it does not take, being full, the tab keeps in memory. */
export function createLocalStore(storage: Storage, events: StorageEvents): LocalStore {
  const unstored = new Map<string, string>();
  return {
    get: (key) => unstored.get(key) ?? storage.getItem(STORAGE_PREFIX + key),
    set(key, value) {
      unstored.delete(key);
      if (value === null) return storage.removeItem(STORAGE_PREFIX + key);
      try {
        storage.setItem(STORAGE_PREFIX + key, value);
      } catch {
        unstored.set(key, value);
      }
    },
    keys(prefix) {
      const names = Object.keys(storage).filter((name) => name.startsWith(STORAGE_PREFIX + prefix));
      const stored = names.map((name) => name.slice(STORAGE_PREFIX.length));
      return [...new Set([...stored, ...[...unstored.keys()].filter((key) => key.startsWith(prefix))])];
    },
    onOtherTab(listener) {
      const onStorage = (event: StorageEvent) => {
        if (event.storageArea !== storage) return;
        if (event.key === null) listener(null);
        else if (event.key.startsWith(STORAGE_PREFIX)) listener(event.key.slice(STORAGE_PREFIX.length));
      };
      events.addEventListener('storage', onStorage);
      return () => events.removeEventListener('storage', onStorage);
    },
  };
}

/** Removes all keys that begin so. */
export function removeKeys(store: LocalStore, prefix: string): void {
  for (const key of store.keys(prefix)) store.set(key, null);
}
