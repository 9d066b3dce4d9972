import { randomUUID } from 'node:crypto';
import { createTestDatabase } from '../../../tests/support/database.ts';
import type { NewUser } from '../src/create-user.ts';
import { createDatabase, type DatabaseHandle, ensureDatabase, migrateDatabase } from '../src/index.ts';

/** A database and what removes it. */
export interface TestDatabase {
  url: string;
  drop: () => Promise<void>;
}

/** The URL of a database that does not exist. */
export async function absentDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await database.drop();
  return database;
}

/** A migrated database for one test file, made as a first start makes it. */
export async function openMigratedDatabase(): Promise<DatabaseHandle & TestDatabase> {
  const absent = await absentDatabase();
  await ensureDatabase(absent.url);
  await migrateDatabase(absent.url);
  const database = createDatabase(absent.url);
  return {
    ...database,
    url: absent.url,
    drop: async () => {
      await database.close();
      await absent.drop();
    },
  };
}

/** A person of whom nothing matters but what is overridden. */
export function newUser(overrides: Partial<NewUser> = {}): NewUser {
  const handle = overrides.handle ?? `user-${randomUUID().slice(0, 8)}`;
  return {
    handle,
    displayName: 'Some Body',
    email: `${handle}@cruddur.example`,
    cognitoUserId: randomUUID(),
    ...overrides,
  };
}
