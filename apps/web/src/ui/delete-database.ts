/** An IndexedDB database with one object store, whose keys are separate from its values. */
export interface BrowserDatabase {
  name: string;
  store: string;
}

/** Deletes a database, and nothing where the browser stores nothing. */
export function deleteDatabase({ name }: BrowserDatabase): void {
  try {
    indexedDB.deleteDatabase(name);
  } catch {
    // Ignore: there is none.
  }
}
