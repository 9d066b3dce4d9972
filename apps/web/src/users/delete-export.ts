export const EXPORT_DATABASE = 'cruddur-export';

/** Removes whatever download this browser has. */
export function deleteExport(): void {
  try {
    indexedDB.deleteDatabase(EXPORT_DATABASE);
  } catch {
    // Ignore: a browser that stores nothing has none.
  }
}
