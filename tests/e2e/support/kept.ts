import type { Page } from 'playwright-core';

/** What the page has stored for the next visit, by key, as text; empty without a database. Runs in the page. */
export async function keptEntries(): Promise<Record<string, string>> {
  const name = 'cruddur-cache';
  // Opening it would create it.
  if (!(await indexedDB.databases()).some((database) => database.name === name)) return {};
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await done(indexedDB.open(name));
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

/** Replaces what the page has stored under a key. */
export const spoilKept = (page: Page, key: string, value: unknown): Promise<void> =>
  page.evaluate(
    ([key, value]) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('cruddur-cache');
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

/** Replaces the database by one of another structure. */
export const replaceKept = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        indexedDB.deleteDatabase('cruddur-cache');
        const opening = indexedDB.open('cruddur-cache', 7);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          opening.result.close();
          resolve();
        };
      }),
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
