import { randomUUID } from 'node:crypto';
import { createTestDatabase } from '../../../tests/support/database.ts';
import type { NewUser } from '../src/create-user.ts';
import { createDatabase, type DatabaseHandle, ensureDatabase, migrateDatabase } from '../src/index.ts';

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

/** A migrated database for one test file, created as on a first start. */
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

/** A user with random values except for the overrides. */
export function newUser(overrides: Partial<NewUser> = {}): NewUser {
  const handle = overrides.handle ?? `user-${randomUUID().slice(0, 8)}`;
  return {
    handle,
    displayName: 'Test User',
    email: `${handle}@cruddur.example`,
    cognitoUserId: randomUUID(),
    ...overrides,
  };
}
