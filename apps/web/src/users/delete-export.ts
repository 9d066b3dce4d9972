import { type Database, deleteDatabase } from '../ui/delete-database.ts';

export const EXPORTS: Database = { name: 'cruddur-export', store: 'pages' };

/** Removes whatever download this browser has. */
export const deleteExport = (): void => deleteDatabase(EXPORTS);
