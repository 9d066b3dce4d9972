import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureTable } from '@cruddur/ddb';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { OPERATOR_COMMANDS } from '../../../bin/src/operator-commands.ts';
import { createTestDynamoDb } from '../../support/dynamodb.ts';
import { inheritedEnv } from '../../support/env.ts';
import { createSeededDatabase, newTableName } from '../support/stores.ts';

const BIN = fileURLToPath(new URL('../../../bin', import.meta.url));

const folder = mkdtempSync(path.join(tmpdir(), 'cruddur-operator-'));
const bundle = path.join(folder, 'operator.mjs');
const client = createTestDynamoDb();
const tableName = newTableName();
let database: Awaited<ReturnType<typeof createSeededDatabase>>;
let env: Record<string, string>;

beforeAll(async () => {
  const secrets = { DATABASE_PASSWORD: 'password-of-the-owner', AWS_SECRET_ACCESS_KEY: 'key-of-the-builder' };
  const [seeded] = await Promise.all([
    createSeededDatabase(),
    ensureTable(client, tableName),
    execa(process.execPath, ['--import', '@cruddur/config/typescript', 'build.ts', folder], {
      cwd: BIN,
      env: { ...inheritedEnv(), ...secrets },
      extendEnv: false,
    }),
  ]);
  await execa('mv', [path.join(folder, 'operator.js'), bundle]);
  database = seeded;
  const { hostname, port, username, password, pathname } = new URL(seeded.url);
  env = {
    ...inheritedEnv(),
    AWS_REGION: 'ca-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: inject('dynamodbEndpoint'),
    // STS cannot be reached; the command says so and continues.
    AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1',
    DDB_TABLE: tableName,
    DATABASE_HOST: hostname,
    DATABASE_PORT: port,
    DATABASE_NAME: pathname.slice(1),
    DATABASE_USER: username,
    DATABASE_PASSWORD: password,
  };
});
afterAll(async () => {
  client.destroy();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the bundle outside of the repository, with the parts of the database's address, as ECS passes them. */
const run = (...args: string[]) =>
  execa(process.execPath, [bundle, ...args], { cwd: folder, env, extendEnv: false, reject: false, timeout: 100_000 });

describe.concurrent('the bundle of the operator task', () => {
  it.each(OPERATOR_COMMANDS)('contains bin/%s', async (command) => {
    const { exitCode, stdout } = await run(command, '--help');
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`Usage: bin/${command}`),
    });
  });

  it('verifies the table and the search index, and lists the sessions of PostgreSQL', async () => {
    const [verify, sessions] = await Promise.all([
      run('bin/ddb/verify', 'prod', '--search', '--repair'),
      run('db/sessions', 'prod', '--json'),
    ]);
    expect(verify).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('0 items, 0 groups') });
    expect(verify.stderr).toContain(`prod table: ${tableName}`);
    expect(sessions.exitCode).toBe(0);
  });

  it('refuses other commands', async () => {
    const { exitCode, stderr } = await run('ddb/drop', 'prod');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('there is no command ddb/drop'),
    });
  });

  it('holds nothing of the environment and the machine on which it was built', () => {
    const text = readFileSync(bundle, 'utf8');
    expect(text).not.toMatch(/password-of-the-owner|key-of-the-builder/);
    expect(text).not.toContain(BIN);
  });
});
