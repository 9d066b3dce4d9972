import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type CognitoAccount,
  createUser,
  type DatabaseHandle,
  findUserByCognitoId,
  listUsersByHandle,
  seedPeople,
  updateCognitoUserIds,
} from '../src/index.ts';
import { users } from '../src/schema.ts';
import { newUser, openMigratedDatabase, type TestDatabase } from './users-database.ts';

const NOTHING = { updated: [], unchanged: [], unknown: [], ambiguous: [], released: [] };

describe('updateCognitoUserIds', () => {
  let database: DatabaseHandle & TestDatabase;
  beforeAll(async () => {
    database = await openMigratedDatabase();
  });
  beforeEach(async () => {
    await database.db.delete(users);
    await seedPeople(database.db);
  });
  afterAll(() => database.drop());

  async function idsOf(...handles: string[]): Promise<string[]> {
    return (await listUsersByHandle(database.db, handles)).map(({ cognitoUserId }) => cognitoUserId);
  }

  it('gives seeded people their ids, and says so the second time', async () => {
    async function* accounts(): AsyncGenerator<CognitoAccount> {
      yield { handle: 'AndrewBrown', sub: 'sub-1' };
      yield { handle: 'bayko', sub: 'sub-2' };
      yield { handle: 'nobody', sub: 'sub-3' };
      yield { handle: null, sub: 'sub-4' };
    }
    const unknown = ['sub-4', 'nobody'];
    expect(await updateCognitoUserIds(database.db, accounts())).toEqual({
      ...NOTHING,
      updated: ['andrewbrown', 'bayko'],
      unknown,
    });
    expect(await idsOf('andrewbrown', 'bayko', 'londo')).toEqual(['sub-1', 'sub-2', 'MOCK']);
    expect(await updateCognitoUserIds(database.db, accounts())).toEqual({
      ...NOTHING,
      unchanged: ['andrewbrown', 'bayko'],
      unknown,
    });
  });

  it('swaps and rotates ids between people', async () => {
    const handles = ['andrewbrown', 'bayko', 'londo'];
    const assign = (...subs: string[]) =>
      updateCognitoUserIds(
        database.db,
        subs.map((sub, index) => ({ handle: handles[index] ?? null, sub })),
      );
    await assign('a', 'b', 'c');
    expect(await assign('b', 'a', 'c')).toMatchObject({ updated: ['andrewbrown', 'bayko'], unchanged: ['londo'] });
    expect(await idsOf(...handles)).toEqual(['b', 'a', 'c']);
    await assign('c', 'b', 'a');
    expect(await idsOf(...handles)).toEqual(['c', 'b', 'a']);
  });

  it('leaves the placeholder where an id has gone to another', async () => {
    const user = await createUser(database.db, newUser({ handle: 'renamed' }));
    const report = await updateCognitoUserIds(database.db, [{ handle: 'loren', sub: user.cognitoUserId }]);
    expect(report).toEqual({ ...NOTHING, updated: ['loren'], released: ['renamed'] });
    expect(await idsOf('loren', 'renamed')).toEqual([user.cognitoUserId, 'MOCK']);
  });

  it('changes nothing for nobody', async () => {
    expect(await updateCognitoUserIds(database.db, [])).toEqual(NOTHING);
    expect(await idsOf('andrewbrown')).toEqual(['MOCK']);
  });

  it('refuses the placeholder as an id, and changes nothing', async () => {
    const accounts = [
      { handle: 'loren', sub: 'real' },
      { handle: 'bayko', sub: 'MOCK' },
    ];
    await expect(updateCognitoUserIds(database.db, accounts)).rejects.toThrow('No Cognito id: MOCK');
    expect(await idsOf('loren')).toEqual(['MOCK']);
  });

  it('holds against itself and against sign-ups at the same time', async () => {
    const subs = Array.from({ length: 20 }, () => randomUUID());
    const orders = ['012', '102', '021', '210', '120', '201'].flatMap((order) => [order, order]);
    const assign = (order: string) =>
      ['andrewbrown', 'bayko', 'londo'].map((handle, index) => ({ handle, sub: `id-${order.charAt(index)}` }));
    await Promise.all([
      ...orders.map((order) => updateCognitoUserIds(database.db, assign(order))),
      ...subs.map((sub) => createUser(database.db, newUser({ cognitoUserId: sub }))),
    ]);
    const found = await Promise.all(subs.map((sub) => findUserByCognitoId(database.db, sub)));
    expect(found.filter((user) => user !== undefined)).toHaveLength(20);
    expect((await idsOf('andrewbrown', 'bayko', 'londo')).toSorted()).toEqual(['id-0', 'id-1', 'id-2']);
  });
});
