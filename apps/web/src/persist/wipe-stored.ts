import { type Database, deleteDatabase } from '../ui/delete-database.ts';

export const KEPT: Database = { name: 'cruddur-cache', store: 'kept' };

/** Deletes everything that is stored, of whomever it is. */
export const wipeStored = (): void => deleteDatabase(KEPT);
