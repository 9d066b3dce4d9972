import { type BrowserDatabase, deleteDatabase } from '../ui/delete-database.ts';

export const KEPT: BrowserDatabase = { name: 'cruddur-cache', store: 'kept' };

/** Deletes everything that is stored, no matter of which person. */
export const wipeStored = (): void => deleteDatabase(KEPT);
