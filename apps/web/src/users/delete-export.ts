import { type BrowserDatabase, deleteDatabase } from '../ui/delete-database.ts';

export const EXPORTS: BrowserDatabase = { name: 'cruddur-export', store: 'pages' };

/** Removes whatever download this browser has. */
export const deleteExport = (): void => deleteDatabase(EXPORTS);
