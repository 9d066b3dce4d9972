import { randomUUID } from 'node:crypto';
import { SEEDED_PEOPLE } from '@cruddur/config/seed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createUser,
  type DatabaseHandle,
  findUserByCognitoId,
  findUserByHandle,
  findUsersByUuid,
  listUsersByHandle,
  seedPeople,
  type User,
} from '../src/index.ts';
import { newUser, openMigratedDatabase, type TestDatabase } from './users-database.ts';

describe('the users table', () => {
  let database: DatabaseHandle & TestDatabase;
  let seeded: User[];
  beforeAll(async () => {
    database = await openMigratedDatabase();
    seeded = await seedPeople(database.db);
  });
  afterAll(() => database.drop());

  it('seedPeople creates every seeded user once', async () => {
    expect(seeded.map(({ handle }) => handle)).toEqual(SEEDED_PEOPLE.map(({ handle }) => handle).toSorted());
    expect(await seedPeople(database.db)).toEqual(seeded);
  });

  it('findUserByCognitoId matches no one for the placeholder, an unknown id or a NUL', async () => {
    for (const sub of ['MOCK', randomUUID(), 'a\0b']) {
      expect(await findUserByCognitoId(database.db, sub)).toBeUndefined();
    }
  });

  it('findUserByHandle has no wildcards', async () => {
    for (const handle of ['andrew%', 'andrewbrow_', '', "' or true --", 'a\0']) {
      expect(await findUserByHandle(database.db, handle)).toBeUndefined();
    }
    expect(await findUserByHandle(database.db, 'AndrewBrown')).toMatchObject({ displayName: 'Andrew Brown' });
  });

  it('finds a handle by its exact spelling, except for the case of ASCII letters', async () => {
    const { db } = database;
    for (const handle of ['victim', 'kelvin', 'Åsa']) await createUser(db, newUser({ handle }));
    for (const similar of ['v\u0130ctim', 'vi\u0307ctim', '\u212aelvin', 'åsa', 'A\u030asa']) {
      expect(await findUserByHandle(db, similar)).toBeUndefined();
      expect(await listUsersByHandle(db, [similar])).toEqual([]);
    }
    for (const handle of ['VICTIM', 'Kelvin', 'ÅSA']) {
      const [listed] = await listUsersByHandle(db, [handle]);
      expect(listed).toEqual(await findUserByHandle(db, handle));
      expect(listed).toBeDefined();
    }
    await createUser(db, newUser({ handle: 'W\u0130n' }));
    expect(await findUserByHandle(db, 'win')).toBeUndefined();
  });

  it('findUsersByUuid ignores unknown and invalid uuids', async () => {
    const user = await createUser(database.db, newUser());
    const uuids = [user.uuid.toUpperCase(), 'not a uuid', randomUUID(), ''];
    expect(await findUsersByUuid(database.db, uuids)).toEqual([user]);
    expect(await findUsersByUuid(database.db, [])).toEqual([]);
  });

  it('listUsersByHandle sorts by handle', async () => {
    const found = await listUsersByHandle(database.db, ['LOREN', 'bayko', 'unknown', 'x\0', 'Bayko']);
    expect(found.map(({ handle }) => handle)).toEqual(['bayko', 'loren']);
    expect(await listUsersByHandle(database.db, [])).toEqual([]);
  });
});
