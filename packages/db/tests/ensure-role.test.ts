import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDatabase,
  createUser,
  type DatabaseHandle,
  ensureRole,
  findUserByHandle,
  indexClears,
  indexMessages,
  listIndexedMessages,
  removeIndexedMessages,
} from '../src/index.ts';
import { newUser, openMigratedDatabase, type TestDatabase } from './users-database.ts';

describe('ensureRole', () => {
  const name = `role-${randomUUID().slice(0, 8)}`;
  const password = `it's "odd" \\ ${randomUUID()}`;
  let owner: DatabaseHandle & TestDatabase;
  let server: DatabaseHandle;

  const signedInAs = (user: string, secret: string) => {
    const url = new URL(owner.url);
    url.username = encodeURIComponent(user);
    url.password = encodeURIComponent(secret);
    return createDatabase(url.href);
  };

  beforeAll(async () => {
    owner = await openMigratedDatabase();
    await Promise.all(Array.from({ length: 3 }, () => ensureRole(owner.url, { name, password })));
    server = signedInAs(name, password);
  });
  afterAll(async () => {
    await server.close();
    await owner.db.execute(sql`drop owned by ${sql.identifier(name)}`);
    await owner.db.execute(sql`drop role ${sql.identifier(name)}`);
    await owner.drop();
  });

  it('may do what the server does', async () => {
    const user = newUser();
    await createUser(server.db, user);
    expect(await findUserByHandle(server.db, user.handle)).toMatchObject({ handle: user.handle });
  });

  it('may keep the search index, but not remove rows', async () => {
    const uuid = randomUUID();
    const row = {
      messageUuid: uuid,
      messageGroupUuid: uuid,
      senderUuid: uuid,
      recipientUuid: uuid,
      sortKey: '',
      sentAt: 1,
    };
    await indexMessages(server.db, [{ ...row, version: 0, text: 'Tea', hasLink: false }]);
    await indexMessages(server.db, [{ ...row, version: 1, text: 'Coffee', hasLink: false }]);
    await indexClears(server.db, [{ userUuid: uuid, messageGroupUuid: uuid, clearedThrough: 1 }]);
    const rows = await listIndexedMessages(server.db, { limit: 1 });
    expect(rows).toMatchObject([{ folded: 'coffee' }]);
    await expect(removeIndexedMessages(server.db, rows)).rejects.toMatchObject({ cause: { code: '42501' } });
  });

  it.each([
    ['delete users', sql`delete from users`],
    ['drop a table', sql`drop table users`],
    ['create a table', sql`create table mine (id int)`],
    ['create a role', sql`create role another`],
    ['read the migrations', sql`select * from drizzle.__drizzle_migrations`],
  ])('may not %s', async (_, statement) => {
    await expect(server.db.execute(statement)).rejects.toMatchObject({ cause: { code: '42501' } });
  });

  it('keeps a password that a rotation has changed', async () => {
    await ensureRole(owner.url, { name, password: 'another' });
    const other = signedInAs(name, 'another');
    await expect(other.db.execute(sql`select 1`)).rejects.toMatchObject({ cause: { code: '28P01' } });
    await other.close();
  });

  it('shares its rights with the role that it alternates with', async () => {
    const clone = `${name}_clone`;
    await owner.db.execute(sql`create role ${sql.identifier(clone)} login password 'clone'`);
    await owner.db.execute(sql`grant ${sql.identifier(name)} to ${sql.identifier(clone)}`);
    const alternate = signedInAs(clone, 'clone');
    try {
      const user = newUser();
      expect(await createUser(alternate.db, user)).toMatchObject({ handle: user.handle });
    } finally {
      await alternate.close();
      await owner.db.execute(sql`drop role ${sql.identifier(clone)}`);
    }
  });
});

describe('a URL that requires TLS', () => {
  it('rejects a server without TLS', async () => {
    const { url, drop } = await openMigratedDatabase();
    const strict = createDatabase(`${url}?sslmode=verify-full`);
    await expect(strict.db.execute(sql`select 1`)).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/does not support SSL/) },
    });
    await strict.close();
    await drop();
  });
});
