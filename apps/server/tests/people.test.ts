import { randomUUID } from 'node:crypto';
import { createDatabase, createUser, type DatabaseHandle, migrateDatabase, observeQueries } from '@cruddur/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CuttableProxy, startCuttableProxy } from '../../../tests/support/cuttable-proxy.ts';
import { createTestDatabase } from '../../../tests/support/database.ts';
import { createPeople } from '../src/people.ts';

const MINUTE = 60_000;

let own: Awaited<ReturnType<typeof createTestDatabase>>;
let proxy: CuttableProxy;
let database: DatabaseHandle;
const statements: string[] = [];
const profilesAsked: string[] = [];
let time = 1;

beforeAll(async () => {
  own = await createTestDatabase();
  await migrateDatabase(own.url);
  proxy = await startCuttableProxy(own.url);
  database = createDatabase(proxy.url);
  observeQueries(database.pool, ({ statement }) => statements.push(statement.slice(0, 6)));
});

afterAll(async () => {
  await database.close();
  await proxy.cut();
  await own.drop();
});

function newPeople() {
  statements.length = 0;
  profilesAsked.length = 0;
  return createPeople({
    db: database.db,
    now: () => time,
    async getProfile(accessToken) {
      profilesAsked.push(accessToken);
      return { sub: accessToken, handle: accessToken, displayName: 'Ana', email: 'a@x.example', emailVerified: true };
    },
  });
}

async function newPerson(handle: string): Promise<string> {
  const cognitoUserId = randomUUID();
  await createUser(database.db, { handle, displayName: handle, email: `${handle}@x.example`, cognitoUserId });
  return cognitoUserId;
}

const three = <T>(call: () => Promise<T>) => Promise.all([call(), call(), call()]);

describe('people', () => {
  it('are read once for calls at the same time', async () => {
    const sub = await newPerson('ben');
    const people = newPeople();
    await three(() => people.ofToken({ sub, accessToken: 'ben' }));
    await three(() => people.byHandle('BEN'));
    expect(statements).toEqual(['select', 'select']);
  });

  it('sign up once for calls at the same time, with one profile and one row', async () => {
    const people = newPeople();
    const rows = await three(() => people.ofToken({ sub: 'ana', accessToken: 'ana' }));
    expect(new Set(rows.map(({ uuid }) => uuid)).size).toBe(1);
    expect(profilesAsked).toEqual(['ana']);
    expect(statements).toEqual(['select', 'insert']);
  });

  it('are read again after five minutes', async () => {
    const sub = await newPerson('cleo');
    const people = newPeople();
    const find = () => people.ofToken({ sub, accessToken: 'cleo' });
    await find();
    time += 5 * MINUTE - 1;
    await find();
    expect(statements).toHaveLength(1);
    time += 2;
    await find();
    expect(statements).toHaveLength(2);
  });

  it('who are known can continue while PostgreSQL is down, for up to an hour', async () => {
    const sub = await newPerson('dora');
    const people = newPeople();
    const both = () => Promise.all([people.ofToken({ sub, accessToken: 'dora' }), people.byHandle('dora')]);
    const known = await both();
    await proxy.cut();
    for (const minutes of [6, 30, 20]) {
      time += minutes * MINUTE;
      expect(await both()).toEqual(known);
    }
    time += 10 * MINUTE;
    await expect(people.byHandle('dora')).rejects.toThrow();
    await proxy.restore();
    expect(await both()).toEqual(known);
  });

  it('whose row was deleted are forgotten when it is read again', async () => {
    await newPerson('evan');
    const people = newPeople();
    await people.byHandle('evan');
    await database.pool.query(`delete from users where handle = 'evan'`);
    time += 6 * MINUTE;
    await expect(people.byHandle('evan')).rejects.toMatchObject({ reason: 'user_not_found' });
  });
});
