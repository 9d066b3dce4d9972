import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createDatabase,
  createSignIn,
  type DatabaseHandle,
  isDatabaseUnavailable,
  listen,
  notify,
  pingDatabase,
} from '../src/index.ts';
import { openMigratedDatabase, type TestDatabase } from './users-database.ts';

const role = `signer_${randomUUID().slice(0, 8)}`;
let owner: DatabaseHandle & TestDatabase;
/** The role's, without a password. */
let url: string;

beforeAll(async () => {
  owner = await openMigratedDatabase();
  await owner.db.execute(sql`create role ${sql.identifier(role)} login`);
  const ofRole = new URL(owner.url);
  ofRole.username = role;
  ofRole.password = '';
  url = ofRole.href;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await owner.db.execute(sql`drop role ${sql.identifier(role)}`);
  await owner.drop();
});

/** Makes PostgreSQL accept only this token. Amazon RDS would check its signature. */
async function acceptOnly(token: string): Promise<void> {
  await owner.db.execute(sql`alter role ${sql.identifier(role)} password ${sql.raw(`'${token}'`)}`);
}

async function endConnections(): Promise<void> {
  await owner.db.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${role}`);
}

describe('a password that is asked for', () => {
  it('is asked for by each new connection of a pool, and by none that is open', async () => {
    const tokens = ['first', 'second'];
    await acceptOnly('first');
    const database = createDatabase(url, { max: 1, getPassword: async () => tokens.shift() ?? 'none is left' });
    await pingDatabase(database.db);
    // It is open, and stays so: as Amazon RDS's do when a token expires.
    await acceptOnly('second');
    await pingDatabase(database.db);
    expect(tokens).toEqual(['second']);
    await endConnections();
    await expect
      .poll(() =>
        pingDatabase(database.db).then(
          () => 'connected',
          () => 'not yet',
        ),
      )
      .toBe('connected');
    expect(tokens).toEqual([]);
    await database.close();
  });

  it('is asked for again by a listener whose connection was lost', async () => {
    await acceptOnly('first');
    let [token, asked] = ['first', 0];
    const events = {
      onPayload: vi.fn<(payload: string) => void>(),
      onListening: vi.fn<() => void>(),
      onLost: vi.fn<(error: Error) => void>(),
    };
    const listener = listen(url, 'signed', events, async () => {
      asked++;
      return token;
    });
    await expect.poll(() => events.onListening.mock.calls.length).toBe(1);
    await acceptOnly('second');
    token = 'second';
    await endConnections();
    await expect.poll(() => events.onListening.mock.calls.length).toBe(2);
    expect(asked).toBeGreaterThanOrEqual(2);
    await notify(owner.db, 'signed', ['hello']);
    await expect.poll(() => events.onPayload.mock.calls).toEqual([['hello']]);
    await listener.close();
  });
});

describe('createSignIn', () => {
  function haveCredentials(): void {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
  }

  it("signs a request to connect to this database as this user, for fifteen minutes, in RDS's form", async () => {
    haveCredentials();
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T12:00:00Z') });
    const getPassword = createSignIn(
      'postgresql://cruddur_api@db.example:6432/cruddur?sslmode=verify-full',
      'eu-west-1',
    );
    const token = await getPassword();
    const { host, searchParams } = new URL(`https://${token}`);
    expect(host).toBe('db.example:6432');
    expect(Object.fromEntries(searchParams)).toMatchObject({
      Action: 'connect',
      DBUser: 'cruddur_api',
      'X-Amz-Credential': 'AKIDEXAMPLE/20261127/eu-west-1/rds-db/aws4_request',
      'X-Amz-Expires': '900',
    });
    vi.setSystemTime(new Date('2026-11-27T12:20:00Z'));
    expect(await getPassword()).not.toBe(token);
  });

  it('without credentials fails as an unavailable store, says so, and recovers with them', async () => {
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/nonexistent');
    vi.useFakeTimers({ toFake: ['Date'] });
    const { db, close } = createDatabase(url, { max: 1, getPassword: createSignIn(url, 'eu-west-1') });
    const error = await pingDatabase(db).then(
      () => expect.fail('signed in'),
      (cause: unknown) => cause,
    );
    expect((error as Error).cause).toMatchObject({ message: `no token to sign in to PostgreSQL as ${role}` });
    expect(isDatabaseUnavailable(error)).toBe(true);
    haveCredentials();
    // The clock stands still, so PostgreSQL can be told beforehand what the next connection will send.
    await acceptOnly(await createSignIn(url, 'eu-west-1')());
    await pingDatabase(db);
    await close();
  });
});
