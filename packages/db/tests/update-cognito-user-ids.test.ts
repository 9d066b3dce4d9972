import { randomUUID } from 'node:crypto';
import { SEEDED_PEOPLE } from '@cruddur/config/seed';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AccountClaim,
  createUser,
  type DatabaseHandle,
  findUserByCognitoId,
  listUsersByHandle,
  seedPeople,
  updateCognitoUserIds,
} from '../src/index.ts';
import { users } from '../src/schema.ts';
import { newUser, openMigratedDatabase, type TestDatabase } from './users-database.ts';

const NOTHING = { updated: [], unchanged: [], unknown: [], refused: [] };

/** The account of a seeded user, with their verified address. */
function claim(handle: string, sub: string): AccountClaim {
  const email = SEEDED_PEOPLE.find((person) => person.handle === handle.toLowerCase())?.email ?? null;
  return { handle, sub, email, emailVerified: true };
}

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

  it('updates the ids of seeded users, and reports them as unchanged the second time', async () => {
    async function* accounts(): AsyncGenerator<AccountClaim> {
      yield claim('AndrewBrown', 'sub-1');
      yield claim('bayko', 'sub-2');
      yield claim('unknown', 'sub-3');
      yield { ...claim('', 'sub-4'), handle: null };
    }
    const unknown = ['unknown', 'sub-4'];
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

  it('keeps the row of a handle when other accounts claim it', async () => {
    const eve = await createUser(database.db, newUser({ handle: 'eve' }));
    const claims = [
      { ...claim('loren', eve.cognitoUserId), email: 'eve@cruddur.example' },
      { ...claim('londo', 'someone'), email: 'someone@cruddur.example' },
    ];
    const report = await updateCognitoUserIds(database.db, claims);
    expect(report).toEqual({
      ...NOTHING,
      refused: [
        { handle: 'loren', sub: eve.cognitoUserId, reason: 'has_row' },
        { handle: 'londo', sub: 'someone', reason: 'email_differs' },
      ],
    });
    expect(await idsOf('eve', 'londo', 'loren')).toEqual([eve.cognitoUserId, 'MOCK', 'MOCK']);
  });

  it('changes nothing without accounts', async () => {
    expect(await updateCognitoUserIds(database.db, [])).toEqual(NOTHING);
    expect(await idsOf('andrewbrown')).toEqual(['MOCK']);
  });

  it('refuses the placeholder as an id, and changes nothing', async () => {
    const accounts = [claim('loren', 'real'), claim('bayko', 'MOCK')];
    await expect(updateCognitoUserIds(database.db, accounts)).rejects.toThrow('Not a Cognito id: MOCK');
    expect(await idsOf('loren')).toEqual(['MOCK']);
  });

  it('is safe with concurrent calls and sign-ups', async () => {
    const subs = Array.from({ length: 20 }, () => randomUUID());
    const handles = ['andrewbrown', 'bayko', 'londo'];
    const orders = ['012', '102', '021', '210', '120', '201'].flatMap((order) => [order, order]);
    const assign = (order: string) => Array.from(order, (i) => claim(handles[Number(i)] ?? '', `id-${i}`));
    await Promise.all([
      ...orders.map((order) => updateCognitoUserIds(database.db, assign(order))),
      ...subs.map((sub) => createUser(database.db, newUser({ cognitoUserId: sub }))),
    ]);
    const found = await Promise.all(subs.map((sub) => findUserByCognitoId(database.db, sub)));
    expect(found.filter((user) => user !== undefined)).toHaveLength(20);
    expect(await idsOf(...handles)).toEqual(['id-0', 'id-1', 'id-2']);
  });
});
