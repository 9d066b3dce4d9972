import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../../tests/support/database.ts';
import journal from '../migrations/meta/_journal.json' with { type: 'json' };
import {
  createDatabase,
  createUser,
  type DatabaseHandle,
  findUserByHandle,
  HandleTakenError,
  MigrationError,
  migrateDatabase,
  searchUsers,
} from '../src/index.ts';
import { newUser, type TestDatabase } from './users-database.ts';

/** The table as the origin created it. */
const ORIGIN_TABLE = sql`
  create extension if not exists "uuid-ossp";
  create table public.users (
    uuid uuid default uuid_generate_v4() primary key,
    display_name text not null,
    handle text not null,
    email text not null,
    cognito_user_id text not null,
    created_at timestamp default current_timestamp not null
  );
  insert into public.users (display_name, handle, email, cognito_user_id) values
    ('Andrew Brown', 'andrewbrown', 'andrew@cruddur.example', 'MOCK'),
    ('Andrew Bayko', 'Bayko', 'bayko@cruddur.example', 'MOCK');`;

const INDEXES = sql`select indexname as name from pg_indexes where tablename = 'users' order by 1`;

describe('migrateDatabase', () => {
  let database: TestDatabase & DatabaseHandle;
  beforeEach(async () => {
    const test = await createTestDatabase();
    database = { ...test, ...createDatabase(test.url) };
  });
  afterEach(async () => {
    await database.close();
    await database.drop();
  });

  it('migrates an empty database, and does nothing the second time', async () => {
    await migrateDatabase(database.url);
    const before = await database.db.execute(INDEXES);
    await migrateDatabase(database.url);
    expect((await database.db.execute(INDEXES)).rows).toEqual(before.rows);
    expect(before.rows.map(({ name }) => name)).toEqual([
      'users_cognito_user_id_unique',
      'users_handle_unique',
      'users_pkey',
      'users_search_folded',
      'users_search_words',
    ]);
  });

  it('is safe to call five times concurrently', async () => {
    await Promise.all(Array.from({ length: 5 }, () => migrateDatabase(database.url)));
    const { rows } = await database.db.execute(sql`select count(*)::int as runs from drizzle.__drizzle_migrations`);
    expect(rows).toEqual([{ runs: journal.entries.length }]);
  });

  it("keeps the users of the origin's table", async () => {
    await database.db.execute(ORIGIN_TABLE);
    await migrateDatabase(database.url);
    expect(await findUserByHandle(database.db, 'bayko')).toMatchObject({ handle: 'Bayko', cognitoUserId: 'MOCK' });
    expect(await searchUsers(database.db, { query: 'brown', limit: 5 })).toMatchObject([{ handle: 'andrewbrown' }]);
    await database.db.execute(sql`drop extension "uuid-ossp"`);
    const user = newUser();
    expect(await createUser(database.db, user)).toMatchObject({ handle: user.handle });
    await expect(createUser(database.db, newUser({ handle: 'BAYKO' }))).rejects.toThrow(HandleTakenError);
  });

  it('lists the rows whose handles differ only in case, and changes nothing', async () => {
    await database.db.execute(ORIGIN_TABLE);
    await database.db.execute(
      sql`insert into users (uuid, display_name, handle, email, cognito_user_id)
          values ('00000000-0000-4000-8000-000000000001', 'Other', 'BAYKO', 'other@cruddur.example', 'MOCK')`,
    );
    const failure = await migrateDatabase(database.url).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MigrationError);
    expect(String(failure)).toMatch(
      /^MigrationError: Handles must be unique .* public\.users has "Bayko" \(uuid [\w-]{36}\), "BAYKO" \(uuid 00000000-0000-4000-8000-000000000001\): rename all but one of each\.$/,
    );
    expect((await database.db.execute(INDEXES)).rows).toEqual([{ name: 'users_pkey' }]);
    await database.db.execute(sql`update users set handle = 'bayko-2' where handle = 'BAYKO'`);
    await migrateDatabase(database.url);
    expect(await findUserByHandle(database.db, 'BAYKO-2')).toMatchObject({ displayName: 'Other' });
  });

  it('lists at most twenty rows', async () => {
    await database.db.execute(ORIGIN_TABLE);
    await database.db.execute(
      sql`insert into users (display_name, handle, email, cognito_user_id)
          select 'Twin', 'twin', 'twin@cruddur.example', 'MOCK' from generate_series(1, 25)`,
    );
    await expect(migrateDatabase(database.url)).rejects.toThrow(/("twin" \(uuid [\w-]+\),? ){20}and 5 more: rename/);
  });

  it('lists the rows that share a Cognito id', async () => {
    await database.db.execute(ORIGIN_TABLE);
    await database.db.execute(sql`update users set cognito_user_id = 'same'`);
    await expect(migrateDatabase(database.url)).rejects.toThrow(
      /^Cognito ids must be unique, .* "Bayko" \(.+\), "andrewbrown" \(.+\): keep/,
    );
  });

  it("refuses a table of this name that isn't the origin's", async () => {
    await database.db.execute(sql`create table users (uuid uuid primary key, handle text, display_name text)`);
    await expect(migrateDatabase(database.url)).rejects.toThrow('without email, cognito_user_id, created_at.');
  });
});
