import { spawnSync } from 'node:child_process';
import { UpdateUserAttributesCommand } from '@aws-sdk/client-cognito-identity-provider';
import { COGNITO_USER_ID_PLACEHOLDER } from '@cruddur/config';
import { createDatabase, findUserByHandle } from '@cruddur/db';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { startTestCognito, type TestCognito } from './support/cognito.ts';
import { type BinCommand, runBin, runBinProcess } from './support/run-bin.ts';
import { createSeededDatabase } from './support/stores.ts';

let cognito: TestCognito;
let subs: Map<string, string>;
beforeAll(async () => {
  cognito = await startTestCognito();
  subs = new Map();
  for (const handle of ['andrewbrown', 'bayko', 'vir']) subs.set(handle, await cognito.addUser(handle));
});
afterAll(() => cognito.stop());

function run(url: string, command: BinCommand, args: string[] = []) {
  return runBin(command, args, { env: { DATABASE_URL: url, COGNITO_PORT: cognito.port } });
}

/** The URL of a database that does not exist yet. */
async function absentDatabase({ onTestFinished }: TestContext): Promise<{ url: string; name: string }> {
  const { url, ...database } = await createTestDatabase();
  await database.drop();
  onTestFinished(() => database.drop());
  return { url, name: new URL(url).pathname.slice(1) };
}

describe.concurrent('a missing database', () => {
  it('is created, migrated and seeded step by step, and each step can be repeated', async (context) => {
    const { url, name } = await absentDatabase(context);
    const missing = await run(url, 'db/seed');
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain(`There is no database ${name} at 127.0.0.1:`);
    expect(await run(url, 'db/create')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Created the da/),
    });
    const [again, bare] = await Promise.all([run(url, 'db/create', ['--json']), run(url, 'db/seed')]);
    expect(again.records()).toEqual([{ database: expect.stringContaining(name), created: false }]);
    expect(again.stderr).toContain('already exists');
    expect(bare).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('bin/db/schema-load') });
    const loaded = await run(url, 'db/schema-load', ['--verbose']);
    expect(loaded).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('has the newest schema') });
    expect(loaded.stderr).toMatch(/^SQL .*CREATE TABLE IF NOT EXISTS "users"/m);
    expect(loaded.stderr).toMatch(/^SQL select pg_advisory_lock\(\$1\) \[\d+\]$/m);
    expect((await run(url, 'db/schema-load', ['--json'])).records()).toMatchObject([{ schema: 'newest' }]);
    const seeded = await run(url, 'db/seed');
    expect(seeded).toMatchObject({ exitCode: 0, stdout: 'Created andrewbrown, bayko, londo, loren.' });
    expect((await run(url, 'db/seed', ['--json'])).records()).toEqual([
      { made: [], present: ['andrewbrown', 'bayko', 'londo', 'loren'] },
    ]);
  });

  it('is set up by one command, including Cognito ids, and setup can be repeated', async (context) => {
    const { url } = await absentDatabase(context);
    const first = await run(url, 'db/setup');
    expect(first.exitCode).toBe(0);
    expect(first.stdout.split('\n')).toEqual([
      expect.stringMatching(/^Created the database /),
      expect.stringMatching(/has the newest schema\.$/),
      'Created andrewbrown, bayko, londo, loren.',
      'Updated: andrewbrown, bayko',
      'Unchanged: none',
      'Unknown to Postgres: vir',
    ]);
    const again = await run(url, 'db/setup', ['--json']);
    expect(again.exitCode).toBe(0);
    expect(again.records()).toMatchObject([
      { created: false },
      { schema: 'newest' },
      { made: [] },
      { updated: [], unchanged: ['andrewbrown', 'bayko'], unknown: ['vir'] },
    ]);
    const { db, close } = createDatabase(url);
    expect(await findUserByHandle(db, 'bayko')).toMatchObject({ cognitoUserId: subs.get('bayko') });
    expect(await findUserByHandle(db, 'loren')).toMatchObject({ cognitoUserId: COGNITO_USER_ID_PLACEHOLDER });
    await close();
  });

  it('cannot be dropped', async (context) => {
    const { url, name } = await absentDatabase(context);
    const { exitCode, stderr } = await run(url, 'db/drop', ['--yes', name]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`There is no database ${name} at `);
  });
});

describe('a database in use', () => {
  let seeded: Awaited<ReturnType<typeof createSeededDatabase>>;
  let open: ReturnType<typeof createDatabase>;
  let name: string;
  beforeAll(async () => {
    seeded = await createSeededDatabase();
    name = new URL(seeded.url).pathname.slice(1);
    open = createDatabase(seeded.url, { applicationName: 'a reader' });
    await open.pool.query('select 1');
  });
  afterAll(async () => {
    await open.close();
    await seeded.drop();
  });

  it('is listed by its sessions', async () => {
    const [human, json] = await Promise.all([
      run(seeded.url, 'db/sessions'),
      run(seeded.url, 'db/sessions', ['--json']),
    ]);
    expect(human.exitCode).toBe(0);
    expect(human.stdout).toMatch(new RegExp(`│ postgres +│ ${name} +│ 127.0.0.1 │ a reader +│ idle +│ \\d{4}-`));
    expect(json.records()).toContainEqual({
      pid: expect.any(Number),
      user: 'postgres',
      database: name,
      clientAddress: '127.0.0.1',
      application: 'a reader',
      state: 'idle',
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
  });

  it('ends one of its sessions, and refuses one that does not exist', async () => {
    const other = createDatabase(seeded.url, { applicationName: 'in the way' });
    const client = await other.pool.connect();
    // The server's reason, then the end of the connection.
    const isOver = new Promise((resolve) => client.on('error', resolve));
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const pid = String(rows[0]?.pid);
    const unconfirmed = await run(seeded.url, 'db/sessions', ['--end', pid]);
    expect(unconfirmed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`Add --yes ${pid}.`) });
    const ended = await run(seeded.url, 'db/sessions', ['--end', pid, '--yes', pid]);
    expect(ended).toMatchObject({ exitCode: 0, stdout: `Ended the connection ${pid}.` });
    await isOver;
    client.release(true);
    const again = await run(seeded.url, 'db/sessions', ['--end', pid, '--yes', pid]);
    expect(again).toMatchObject({ exitCode: 1, stderr: `Error: There is no connection ${pid}.` });
    await other.close();
  });

  it('receives the ids of every page of the pool', async () => {
    // Cognito returns at most 60 users a page.
    const many = await startTestCognito();
    for (let i = 0; i < 61; i++) await many.addUser(`user${i}`);
    const londo = await many.addUser('londo');
    const env = { DATABASE_URL: seeded.url, COGNITO_PORT: many.port };
    const { exitCode, records } = await runBin('db/update_cognito_user_ids', ['--json'], { env });
    const listed = await runBin('cognito/list-users', ['--json'], { env });
    await many.stop();
    expect(exitCode).toBe(0);
    const [report] = records();
    expect(report).toMatchObject({ updated: ['londo'], unchanged: [], refused: [] });
    expect(report?.unknown).toHaveLength(61);
    expect(listed.records()).toHaveLength(62);
    expect(listed.records()).toContainEqual({ handle: 'londo', sub: londo, status: 'CONFIRMED' });
  });

  it('assigns no row to an account that only claims its handle', async () => {
    const pool = await startTestCognito();
    const eve = await pool.signUp('eve');
    const setHandle = pool.client.send(
      new UpdateUserAttributesCommand({
        AccessToken: eve.accessToken,
        UserAttributes: [{ Name: 'preferred_username', Value: 'loren' }],
      }),
    );
    await expect(setHandle).rejects.toThrow('unauthorized attribute');
    const impostor = await pool.signUp('loren');
    const { stdout, exitCode } = await runBin('db/update_cognito_user_ids', [], {
      env: { DATABASE_URL: seeded.url, COGNITO_PORT: pool.port },
    });
    await pool.stop();
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Refused: loren for account ${impostor.sub}: its e-mail address is not the row's.`);
    const { db, close } = createDatabase(seeded.url);
    expect(await findUserByHandle(db, 'loren')).toMatchObject({ cognitoUserId: COGNITO_USER_ID_PLACEHOLDER });
    await close();
  });

  it('is dropped with its connections, but only if its name is confirmed', async () => {
    const [unconfirmed, other] = await Promise.all([
      run(seeded.url, 'db/drop'),
      run(seeded.url, 'db/drop', ['--yes', 'cruddur']),
    ]);
    expect([unconfirmed.exitCode, other.exitCode]).toEqual([1, 1]);
    expect(unconfirmed.stderr).toContain(`there is no terminal. Add --yes ${name}`);
    await open.pool.query('select 1');
    const dropped = await run(seeded.url, 'db/drop', ['--yes', name, '--json']);
    expect(dropped.exitCode).toBe(0);
    expect(dropped.records()).toMatchObject([{ dropped: true }]);
    expect(dropped.stderr).toContain('1 connection to it');
    await expect(open.pool.query('select 1')).rejects.toThrow();
  });
});

describe('bin/cognito/list-users', () => {
  it('shows handle and sub of every user', async () => {
    const { exitCode, stdout } = await run('', 'cognito/list-users');
    expect(exitCode).toBe(0);
    for (const [handle, sub] of subs) expect(stdout).toMatch(new RegExp(`│ ${handle} +│ ${sub} │`));
    expect(stdout).not.toContain('@');
  });
});

describe.concurrent('bin/db/connect', () => {
  const hasPsql = spawnSync('psql', ['--version']).status === 0;

  it.runIf(hasPsql)('opens psql on the database, without its password on the command line', async () => {
    const { url, ...database } = await createSeededDatabase();
    const input = "select count(*) as people from users;\n\\! tr '\\0' ' ' < /proc/$PPID/cmdline\n";
    const { exitCode, stdout } = await runBinProcess('db/connect', [], { env: { DATABASE_URL: url }, input });
    await database.drop();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/people\s+-+\s+4\s/);
    expect(stdout).not.toContain(`:${new URL(url).password}@`);
  });

  it('explains what to install if psql is missing', async () => {
    const { url, ...database } = await createTestDatabase();
    const { exitCode, stderr } = await runBin('db/connect', [], {
      env: { DATABASE_URL: url, PATH: '/no-such-folder' },
    });
    await database.drop();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('psql is not installed');
  });
});
