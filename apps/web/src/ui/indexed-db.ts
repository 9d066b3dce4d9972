import type { BrowserDatabase } from './delete-database.ts';

/** Runs one transaction. The connection is closed again, so that any tab can delete the database. Rejects where the browser stores nothing. */
export async function inStore<T>(
  database: BrowserDatabase,
  mode: IDBTransactionMode,
  run: (store: IDBObjectStore) => Promise<T>,
): Promise<T> {
  const opening = indexedDB.open(database.name, 1);
  opening.onupgradeneeded = () => void opening.result.createObjectStore(database.store);
  const opened = await settled(opening);
  try {
    const transaction = opened.transaction(database.store, mode);
    const isComplete = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('The browser did not store the data.'));
    });
    // A failed request rejects both.
    isComplete.catch(() => undefined);
    const result = await run(transaction.objectStore(database.store));
    await isComplete;
    return result;
  } finally {
    opened.close();
  }
}

export const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser refused to store data.'));
  });
