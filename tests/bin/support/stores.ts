import { randomUUID } from 'node:crypto';
import { createDatabase, migrateDatabase, seedPeople, type User } from '@cruddur/db';
import { createTestDatabase } from '../../support/database.ts';

/** A unique table name. */
export const newTableName = (): string => `bin-${randomUUID()}`;

/** Creates a database with the seeded people. */
export async function createSeededDatabase(): Promise<{
  url: string;
  people: Map<string, User>;
  drop(): Promise<void>;
}> {
  const { url, ...database } = await createTestDatabase();
  await migrateDatabase(url);
  const { db, close } = createDatabase(url);
  const users = await seedPeople(db);
  await close();
  return { url, people: new Map(users.map((user) => [user.handle, user])), ...database };
}
