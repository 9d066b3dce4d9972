import { createListeners } from './listeners.ts';

export type LocalStore = ReturnType<typeof createLocalStore>;

/** `localStorage` under a prefix. Keeps in memory what the browser does not store, because storage is blocked or full. */
export function createLocalStore(prefix: string, storage = () => window.localStorage) {
  const unstored = new Map<string, string>();
  const { subscribe, notify } = createListeners();
  const read = <T>(reading: (storage: Storage) => T, blocked: T): T => {
    try {
      return reading(storage());
    } catch {
      return blocked;
    }
  };
  const write = (key: string, value: string | null) => {
    try {
      if (value === null) storage().removeItem(prefix + key);
      else storage().setItem(prefix + key, value);
      unstored.delete(key);
    } catch {
      if (value === null) unstored.delete(key);
      else unstored.set(key, value);
    }
  };
  const isStored = () => unstored.size === 0;
  return {
    get: (key: string) => unstored.get(key) ?? read((stored) => stored.getItem(prefix + key), null),
    /** `null` removes the key. */
    set(key: string, value: string | null) {
      const before = isStored();
      write(key, value);
      if (isStored() !== before) notify();
    },
    keys(start: string) {
      const names = read(Object.keys, []).filter((name) => name.startsWith(prefix + start));
      const inMemory = [...unstored.keys()].filter((key) => key.startsWith(start));
      return [...new Set([...names.map((name) => name.slice(prefix.length)), ...inMemory])];
    },
    /** Calls back when another tab may have changed a key (`null`: any of them). Returns an unsubscribe function. */
    onOtherTab(listener: (key: string | null) => void) {
      return onStorageChange(({ key, storageArea }) => {
        if (!read((stored) => stored === storageArea, false)) return;
        if (key === null) listener(null);
        else if (key.startsWith(prefix)) listener(key.slice(prefix.length));
      }, listener);
    },
    /** Whether the browser has stored everything; otherwise some of it is only in the memory of this tab. */
    isStored,
    onStoredChange: subscribe,
  };
}

function onStorageChange(onEvent: (event: StorageEvent) => void, onRestored: (key: null) => void): () => void {
  const listeners = new AbortController();
  const { signal } = listeners;
  window.addEventListener('storage', onEvent, { signal });
  // A page in the back/forward cache gets no storage events.
  window.addEventListener('pageshow', ({ persisted }) => persisted && onRestored(null), { signal });
  return () => listeners.abort();
}

/** The page's own data in this browser; Amplify's has other keys. */
export const localStore = createLocalStore('cruddur:');

export function removeKeys(store: LocalStore, prefix: string): void {
  for (const key of store.keys(prefix)) store.set(key, null);
}
