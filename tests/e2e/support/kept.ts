import type { Page } from 'playwright-core';

// The page may delete its database at any time. Opening it then would create one without the page's object store, so that the
// page could store nothing during its visit: such an opening is aborted.

/** What the page has stored for the next visit, by key, as text; empty without a database. Runs in the page. */
export async function keptEntries(): Promise<Record<string, string>> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const opening = indexedDB.open('cruddur-cache');
  let isMissing = false;
  opening.onupgradeneeded = () => {
    isMissing = true;
    opening.transaction?.abort();
  };
  const database = await done(opening).catch((error: unknown) => {
    if (!isMissing) throw error;
  });
  if (!database) return {};
  try {
    if (!database.objectStoreNames.contains('kept')) return {};
    const store = database.transaction('kept').objectStore('kept');
    const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    return Object.fromEntries(keys.map((key, index) => [key as string, JSON.stringify(values[index])]));
  } finally {
    database.close();
  }
}

/** The same of a page. */
export const readKept = (page: Page): Promise<Record<string, string>> => page.evaluate(keptEntries);

/** Replaces what the page has stored under a key. Rejects if it has stored nothing. */
export const spoilKept = (page: Page, key: string, value: unknown): Promise<void> =>
  page.evaluate(
    ([key, value]) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('cruddur-cache');
        opening.onupgradeneeded = () => opening.transaction?.abort();
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('kept', 'readwrite');
          transaction.objectStore('kept').put(value, key as string);
          transaction.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
    [key, value] as const,
  );

/** Replaces the database by an empty one of this version. */
export const replaceKept = (page: Page, version: number): Promise<void> =>
  page.evaluate(
    (version) =>
      new Promise<void>((resolve, reject) => {
        indexedDB.deleteDatabase('cruddur-cache');
        const opening = indexedDB.open('cruddur-cache', version);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          opening.result.close();
          resolve();
        };
      }),
    version,
  );

/** Forgets earlier visits: the next one is the first. */
export const forgetKept = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const deleting = indexedDB.deleteDatabase('cruddur-cache');
        deleting.onsuccess = () => resolve();
        deleting.onerror = () => reject(deleting.error);
      }),
  );
