import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createUser,
  type DatabaseHandle,
  findUserByCognitoId,
  findUserByHandle,
  HandleTakenError,
  seedPeople,
} from '../src/index.ts';
import { newUser, openMigratedDatabase, type TestDatabase } from './users-database.ts';

describe('createUser', () => {
  let database: DatabaseHandle & TestDatabase;
  beforeAll(async () => {
    database = await openMigratedDatabase();
  });
  afterAll(() => database.drop());

  it('creates a row that is found by Cognito id and by handle', async () => {
    const user = newUser({ handle: 'Ada', displayName: 'Ada Lovelace' });
    const created = await createUser(database.db, user);
    expect(created).toEqual({
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      handle: 'Ada',
      displayName: 'Ada Lovelace',
      cognitoUserId: user.cognitoUserId,
    });
    expect(await findUserByCognitoId(database.db, user.cognitoUserId)).toEqual(created);
    expect(await findUserByHandle(database.db, 'aDA')).toEqual(created);
  });

  it('returns one row to twenty concurrent calls for one Cognito id', async () => {
    for (let round = 0; round < 10; round++) {
      const user = newUser();
      const rows = await Promise.all(Array.from({ length: 20 }, () => createUser(database.db, user)));
      expect(new Set(rows.map(({ uuid }) => uuid)).size).toBe(1);
    }
  });

  it('returns one row even if the index of handles is checked first', async () => {
    // PostgreSQL checks indexes in the order of creation. This makes the index of handles the first.
    await database.db.execute(sql`reindex index concurrently users_cognito_user_id_unique`);
    for (let round = 0; round < 10; round++) {
      const user = newUser();
      const rows = await Promise.all(Array.from({ length: 20 }, () => createUser(database.db, user)));
      expect(new Set(rows.map(({ uuid }) => uuid)).size).toBe(1);
    }
  });

  it('returns the existing row of a Cognito id unchanged', async () => {
    const user = newUser({ displayName: 'First' });
    const first = await createUser(database.db, user);
    expect(await createUser(database.db, { ...user, handle: 'another', displayName: 'Second' })).toEqual(first);
  });

  it('creates only one of ten concurrent users with the same handle', async () => {
    const handle = `contested-${randomUUID().slice(0, 8)}`;
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        createUser(database.db, newUser({ handle: index % 2 ? handle : handle.toUpperCase() })),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    for (const reason of reasons) expect(reason).toBeInstanceOf(HandleTakenError);
  });

  it('refuses a handle whose row has the placeholder', async () => {
    await seedPeople(database.db);
    await expect(createUser(database.db, newUser({ handle: 'LONDO' }))).rejects.toThrow(HandleTakenError);
    expect(await findUserByHandle(database.db, 'londo')).toMatchObject({ cognitoUserId: 'MOCK' });
  });

  it('refuses the placeholder as an id', async () => {
    await expect(createUser(database.db, newUser({ cognitoUserId: 'MOCK' }))).rejects.toThrow(TypeError);
  });

  it('removes NUL characters from a display name', async () => {
    expect(await createUser(database.db, newUser({ displayName: 'Nu\0l' }))).toMatchObject({ displayName: 'Nul' });
  });
});
