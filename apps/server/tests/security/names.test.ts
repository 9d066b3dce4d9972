import { createUser } from '@cruddur/db';
import { sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, startTestServer, type TestServer } from '../test-server.ts';

let server: TestServer;
let ana: Awaited<ReturnType<TestServer['signIn']>>;

beforeAll(async () => {
  server = await startTestServer();
  ana = await server.signIn('ana', 'Ana Lantern');
  await ana.api.users.me.query();
  const { db } = server.services;
  for (const handle of ['bayko', 'Kelvin', 'a_b', 'axb', 'victim']) {
    await createUser(db, { handle, displayName: `Of ${handle}`, email: `${handle}@x.example`, cognitoUserId: v7() });
  }
});

afterAll(() => server.stop());

const notFound = { code: 'NOT_FOUND', reason: 'user_not_found' };

const HOSTILE = [
  '%',
  '_____',
  'bayk%',
  'bay_o',
  "' OR 1=1 --",
  "bayko'; DROP TABLE users; --",
  "bayko' UNION SELECT uuid, email, handle FROM users --",
  '\\',
  '$1',
  'bayko\u0000',
  '{"$ne":null}',
];

/** It becomes a k in lower case. */
const KELVIN = '\u212a';

/** Letters that look like others: Cyrillic, full width, the Kelvin sign, with invisible characters, and mixed. */
const LOOK_ALIKES = [
  'bаykо',
  'ｂａｙｋｏ',
  `${KELVIN}elvin`,
  `bay${KELVIN}o`,
  'bay\u200bko',
  'ba\u00adyko',
  'bayk\u03bf',
  // A dotted capital I, and an i with a separate dot: PostgreSQL and JavaScript each fold one of them to an i.
  'vİctim',
  'vi\u0307ctim',
  'b\u0430yko',
];

describe('a handle', () => {
  it.each(['bayko', 'BAYKO', ' BayKo\t'])('%j is the same person in any case', async (handle) => {
    expect(await ana.api.users.short.query({ handle })).toMatchObject({ handle: 'bayko' });
  });

  it.each([...HOSTILE, ...LOOK_ALIKES])('%j is no one, in every procedure that accepts a handle', async (handle) => {
    // Twice: the second answer may come from the cache.
    for (let i = 0; i < 2; i++) expect(await refusalOf(ana.api.users.short.query({ handle }))).toEqual(notFound);
    const message = { message: 'Hello', clientMessageUuid: v7(), handle };
    expect(await refusalOf(ana.api.messages.create.mutate(message))).toEqual(notFound);
  });

  it('that only looks like a known one is no one', async () => {
    await ana.api.users.short.query({ handle: 'kelvin' });
    expect(await refusalOf(ana.api.users.short.query({ handle: `${KELVIN}elvin` }))).toEqual(notFound);
  });

  // A search folds case, width and accents. The answer has the real handle.
  const unlike = LOOK_ALIKES.filter((handle) => !/^[a-z]+$/i.test(handle.normalize('NFKD').replaceAll(/\p{M}/gu, '')));
  it.each([...HOSTILE, ...unlike])('%j finds no one by search, since no character is a wildcard', async (query) => {
    expect(await ana.api.users.search.query({ query })).toEqual([]);
  });

  it('is searched with a literal underscore', async () => {
    expect((await ana.api.users.search.query({ query: 'a_b' })).map(({ handle }) => handle)).toEqual(['a_b']);
  });

  it('leaves the users table unchanged', async () => {
    const { rows } = await server.services.db.execute(sql`select count(*)::int as people from users`);
    expect(rows).toEqual([{ people: 6 }]);
  });
});

describe('a new account', () => {
  it.each(['..', 'bаyko', 'ｂａｙｋｏ2', 'a b', '<script>', "o'hara"])('is refused the handle %j', async (handle) => {
    const eve = await server.signIn(handle);
    expect(await refusalOf(eve.api.users.me.query())).toEqual({ code: 'BAD_REQUEST', reason: 'handle_invalid' });
  });

  it('is refused the handle of another person in another case', async () => {
    const eve = await server.signIn('BAYKO');
    expect(await refusalOf(eve.api.users.me.query())).toEqual({ code: 'CONFLICT', reason: 'handle_taken' });
  });

  it.each([
    ['eve1', '<img src=x onerror=alert(1)>\u202eana\u2066\u0007', '<img src=x onerror=alert(1)>ana'],
    ['eve2', '\u200b\u3164', 'eve2'],
    ['eve3', 'Ana Lantern @ana', 'Ana Lantern ana'],
  ])('of %s named %j is displayed as %j', async (handle, name, shown) => {
    const eve = await server.signIn(handle, name);
    expect((await eve.api.users.me.query()).displayName).toBe(shown);
  });

  it('whose row has an invisible name is displayed by its handle, everywhere', async () => {
    const { db } = server.services;
    const row = { handle: 'blank', displayName: '\u2800', email: 'blank@x.example', cognitoUserId: v7() };
    const { uuid } = await createUser(db, row);
    const shown = { uuid, handle: 'blank', displayName: 'blank' };
    expect(await ana.api.users.short.query({ handle: 'blank' })).toEqual(shown);
    expect(await ana.api.users.search.query({ query: 'blank' })).toEqual([shown]);
  });
});
