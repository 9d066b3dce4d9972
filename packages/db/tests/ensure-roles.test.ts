import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDatabase,
  createUser,
  type DatabaseHandle,
  ensureRoles,
  findUserByHandle,
  findUserSettings,
  indexClears,
  indexMessages,
  updateUserSettings,
} from '../src/index.ts';
import { newUser, openMigratedDatabase, type TestDatabase } from './users-database.ts';

const suffix = randomUUID().slice(0, 8);
/** Roles belong to the whole server, which other test files use as well. */
const roles = { api: `api-${suffix}`, index: `index-${suffix}` };
const iamRole = `iam-${suffix}`;
let owner: DatabaseHandle & TestDatabase;
const programs = {} as Record<keyof typeof roles, DatabaseHandle>;

function signedInAs(user: string): DatabaseHandle {
  const url = new URL(owner.url);
  url.username = encodeURIComponent(user);
  url.password = 'secret';
  return createDatabase(url.href);
}

beforeAll(async () => {
  owner = await openMigratedDatabase();
  await owner.db.execute(sql`create role ${sql.identifier(iamRole)}`);
  await Promise.all(Array.from({ length: 3 }, () => ensureRoles(owner.url, roles, { iamRole })));
  for (const program of ['api', 'index'] as const) {
    await owner.db.execute(sql`alter role ${sql.identifier(roles[program])} password 'secret'`);
    programs[program] = signedInAs(roles[program]);
  }
});
afterAll(async () => {
  for (const database of Object.values(programs)) await database.close();
  for (const name of [...Object.values(roles), iamRole]) {
    await owner.db.execute(sql`drop owned by ${sql.identifier(name)}`);
    await owner.db.execute(sql`drop role ${sql.identifier(name)}`);
  }
  await owner.drop();
});

/** What a role may do with each table of every schema, for example `users: SELECT`. */
async function rightsOf(role: string): Promise<string[]> {
  const { rows } = await owner.db.execute<{ line: string }>(sql`
    select tables.relname || ': ' || string_agg(rights.name, ', ' order by rights.name) as line
    from pg_class tables join pg_namespace schemas on schemas.oid = tables.relnamespace,
      unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) as rights(name)
    where tables.relkind in ('r', 'S', 'v', 'm') and schemas.nspname not in ('pg_catalog', 'information_schema')
      and schemas.nspname not like 'pg_toast%' and has_table_privilege(${role}, tables.oid, rights.name)
    group by tables.relname order by 1`);
  return rows.map(({ line }) => line);
}

describe('ensureRoles', () => {
  it('gives each program exactly its rights', async () => {
    expect(await rightsOf(roles.api)).toEqual([
      'search_cleared: SELECT',
      'search_messages: SELECT',
      'user_settings: INSERT, SELECT, UPDATE',
      'users: INSERT, SELECT',
    ]);
    expect(await rightsOf(roles.index)).toEqual([
      'search_cleared: INSERT, SELECT, UPDATE',
      'search_messages: INSERT, SELECT, UPDATE',
    ]);
  });

  it('takes back what a former version, or an operator, has given', async () => {
    await owner.db.execute(sql`grant delete on users to ${sql.identifier(roles.api)}`);
    expect(await rightsOf(roles.api)).toContain('users: DELETE, INSERT, SELECT');
    await ensureRoles(owner.url, roles, { iamRole });
    expect(await rightsOf(roles.api)).toContain('users: INSERT, SELECT');
  });

  it('lets the API create people, and keep their settings', async () => {
    const { db } = programs.api;
    const user = newUser();
    const { uuid } = await createUser(db, user);
    expect(await findUserByHandle(db, user.handle)).toMatchObject({ handle: user.handle });
    await updateUserSettings(db, uuid, { sendsTyping: false });
    await updateUserSettings(db, uuid, { sendsTyping: true });
    expect(await findUserSettings(db, uuid)).toMatchObject({ sendsTyping: true });
  });

  it('lets the Lambda write newer versions of messages, and what is cleared', async () => {
    const { db } = programs.index;
    const uuid = randomUUID();
    const ofMessage = { messageUuid: uuid, messageGroupUuid: uuid, senderUuid: uuid, recipientUuid: uuid };
    const row = { ...ofMessage, sortKey: '', sentAt: 1, hasLink: false };
    await indexMessages(db, [{ ...row, version: 0, text: 'Tea' }]);
    await indexMessages(db, [{ ...row, version: 1, text: 'Coffee' }]);
    for (const clearedThrough of [1, 2]) {
      await indexClears(db, [{ userUuid: uuid, messageGroupUuid: uuid, clearedThrough }]);
    }
    const { rows } = await db.execute(sql`select folded from search_messages where message_uuid = ${uuid}`);
    expect(rows).toEqual([{ folded: 'coffee' }]);
  });

  it.each([
    ['api', 'change a person', sql`update users set handle = 'another'`],
    ['api', 'remove a person', sql`delete from users`],
    ['api', 'write the search index', sql`delete from search_messages`],
    ['api', 'create a table', sql`create table mine (id int)`],
    ['api', 'create a role', sql`create role another`],
    ['api', 'read the migrations', sql`select * from drizzle.__drizzle_migrations`],
    ['index', 'read people', sql`select * from users`],
    ['index', 'remove messages', sql`delete from search_messages`],
  ] as const)('does not let %s %s', async (program, _, statement) => {
    await expect(programs[program].db.execute(statement)).rejects.toMatchObject({ cause: { code: '42501' } });
  });

  it('makes the roles members of the role of Amazon RDS, if it exists, and gives them no password', async () => {
    const { rows } = await owner.db.execute(sql`
      select pg_get_userbyid(member) as name from pg_auth_members
      where roleid = (select oid from pg_roles where rolname = ${iamRole}) order by 1`);
    expect(rows).toEqual(Object.values(roles).map((name) => ({ name })));
    const fresh = { api: `api-fresh-${suffix}`, index: `index-fresh-${suffix}` };
    await ensureRoles(owner.url, fresh, { iamRole: 'no such role' });
    try {
      const passwords = sql`select rolname, rolpassword from pg_authid where rolname like ${`%-fresh-${suffix}`} order by 1`;
      expect((await owner.db.execute(passwords)).rows).toEqual(
        Object.values(fresh).map((rolname) => ({ rolname, rolpassword: null })),
      );
    } finally {
      for (const name of Object.values(fresh)) {
        await owner.db.execute(sql`drop owned by ${sql.identifier(name)}`);
        await owner.db.execute(sql`drop role ${sql.identifier(name)}`);
      }
    }
  });

  it('keeps a password that an operator has given', async () => {
    await ensureRoles(owner.url, roles, { iamRole });
    const again = signedInAs(roles.api);
    await again.db.execute(sql`select 1`);
    await again.close();
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
