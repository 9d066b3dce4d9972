import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { describeTable, ensureTable } from '@cruddur/ddb';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { createTestDynamoDb } from '../support/dynamodb.ts';
import { awsVariables } from '../support/env.ts';
import { startTestCognito, type TestCognito } from './support/cognito.ts';
import { type BinCommand, binEnv, runBin, runBinProcess } from './support/run-bin.ts';
import { createSeededDatabase, newTableName } from './support/stores.ts';

// Commands use local endpoints instead of AWS. STS has no local engine: a server returns one fixed response.
const CALLER = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
  <Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>AIDA</UserId><Account>123456789012</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

const client = createTestDynamoDb();
const endpoint = inject('dynamodbEndpoint');
let sts: Server;
let cognito: TestCognito;
let database: Awaited<ReturnType<typeof createSeededDatabase>>;
let env: Record<string, string>;

beforeAll(async () => {
  sts = createServer((_, response) => response.setHeader('content-type', 'text/xml').end(CALLER));
  await new Promise<void>((resolve) => sts.listen(0, '127.0.0.1', resolve));
  [cognito, database] = await Promise.all([startTestCognito(), createSeededDatabase()]);
  env = {
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_REGION: 'ca-central-1',
    // DynamoDB Local keeps the tables of each access key in a separate database.
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'the-secret-of-the-operator',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${(sts.address() as AddressInfo).port}`,
    DATABASE_URL: database.url,
    COGNITO_USER_POOL_ID: cognito.userPoolId,
    COGNITO_ENDPOINT: cognito.endpoint,
  };
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  sts.close();
  client.destroy();
  await Promise.all([cognito.stop(), database.drop()]);
});

const name = () => new URL(database.url).pathname.slice(1);

/** Replaces the AWS_ variables of this process, from which the AWS SDK reads region, credentials and endpoints. */
function stubAwsEnv(variables: Record<string, string>): void {
  const own = Object.keys(variables).filter((variable) => variable.startsWith('AWS_'));
  for (const variable of new Set([...awsVariables(), ...own])) vi.stubEnv(variable, variables[variable]);
}

/** Runs a command on prod in this process. Runs that differ in an AWS_ variable must not overlap. */
function run(command: BinCommand, args: string[], more: Record<string, string> = {}) {
  stubAwsEnv({ ...binEnv(), ...env, ...more });
  return runBin(command, [...args, 'prod'], { env: { ...env, ...more } });
}

describe('on prod', () => {
  it('a command first prints account, region, table and database', async () => {
    const DDB_TABLE = newTableName();
    await ensureTable(client, DDB_TABLE);
    const [seed, connections] = await Promise.all([
      runBinProcess('ddb/seed', ['--yes', DDB_TABLE, 'prod'], { env: { ...env, DDB_TABLE } }),
      run('db/sessions', ['--json']),
    ]);
    expect(seed).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Wrote the conversation/) });
    expect(seed.stderr.split('\n')).toEqual([
      'prod account: 123456789012 (arn:aws:iam::123456789012:user/ada)',
      'prod region: ca-central-1',
      `prod table: ${DDB_TABLE} at ${endpoint}`,
      `prod database: ${name()} at ${new URL(inject('postgresUrl')).host}`,
    ]);
    expect(connections.exitCode).toBe(0);
    expect(connections.stderr).toContain(`prod database: ${name()} at `);
    expect(connections.stdout).toMatch(/^(\{.*\}\n?)*$/);
  });

  it('an account that STS does not return is printed as unknown, with the reason', async () => {
    const unanswered = { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1' };
    const { exitCode, stderr } = await run('ddb/list-tables', [], unanswered);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('prod account: unknown (STS did not answer: ECONNREFUSED)');
  });

  it('schema-load protects new and existing tables', async () => {
    const [fresh, old] = [newTableName(), newTableName()];
    await ensureTable(client, old);
    const [made, found] = await Promise.all([
      run('ddb/schema-load', ['--json'], { DDB_TABLE: fresh }),
      run('ddb/schema-load', [], { DDB_TABLE: old }),
    ]);
    expect(made.records()).toEqual([
      {
        table: fresh,
        created: true,
        deletionProtection: 'already-on',
        pointInTimeRecovery: 'unsupported',
        expiry: 'switched-on',
      },
    ]);
    expect(found).toMatchObject({ exitCode: 0, stdout: `The table ${old} already exists.` });
    expect(found.stderr).toMatch(/Deletion protection: turned on now\.\nPoint-in-time recovery: not supported by this/);
    for (const table of [fresh, old]) {
      expect(await describeTable(client, table)).toMatchObject({ DeletionProtectionEnabled: true });
    }
    const drop = await run('ddb/drop', [fresh, '--yes', fresh]);
    expect(drop).toMatchObject({ exitCode: 1, stdout: '' });
    expect(drop.stderr).toContain(`aws dynamodb update-table --table-name ${fresh} --no-deletion-protection-enabled`);
    expect(await describeTable(client, fresh)).toBeDefined();
  });

  it('schema-load protects a restored table, which has no stream, and says how it gets one', async () => {
    const restored = newTableName();
    await ensureTable(client, restored);
    await client.send(new UpdateTableCommand({ TableName: restored, StreamSpecification: { StreamEnabled: false } }));
    const { exitCode, stderr } = await run('ddb/schema-load', [], { DDB_TABLE: restored });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Deletion protection: turned on now.');
    expect(stderr).toContain(`its stream is off, not NEW_IMAGE. A restored table gets one by bin/aws/restore-table`);
    expect(await describeTable(client, restored)).toMatchObject({ DeletionProtectionEnabled: true });
  });

  it('seed and setup require the name to be confirmed', async () => {
    const refusals = await Promise.all([
      run('ddb/seed', []),
      run('db/seed', []),
      run('db/setup', ['--yes', 'cruddur']),
    ]);
    expect(refusals.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(Array(3).fill([1, '']));
    expect(refusals[0]?.stderr).toContain('Add --yes cruddur-messages');
    expect(refusals[1]?.stderr).toContain(`Add --yes ${name()}`);
    expect(refusals[2]?.stderr).toContain(`"cruddur" is not ${name()}`);
    const sub = await cognito.addUser('bayko');
    const setup = await run('db/setup', ['--yes', name()]);
    expect(setup).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Updated: bayko') });
    expect(setup.stderr).toContain(`prod user pool: ${cognito.userPoolId} at ${cognito.endpoint}`);
    const users = await run('cognito/list-users', ['--json']);
    expect(users.records()).toEqual([{ handle: 'bayko', sub, status: 'CONFIRMED' }]);
  });

  it('a command is refused if the environment is incomplete, and never falls back to the local stack', async () => {
    const withoutDatabase = await run('db/create', [], { DATABASE_URL: '' });
    const pool = await run('cognito/list-users', [], { COGNITO_USER_POOL_ID: '' });
    const region = await run('ddb/list-tables', [], { AWS_REGION: '', AWS_CONFIG_FILE: '/dev/null' });
    const credentials = await run('ddb/list-tables', [], {
      AWS_ACCESS_KEY_ID: '',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    });
    expect([withoutDatabase, pool, region, credentials].map(({ exitCode }) => exitCode)).toEqual([1, 1, 1, 1]);
    expect(withoutDatabase.stderr).toContain('DATABASE_URL');
    expect(pool.stderr).toContain('COGNITO_USER_POOL_ID');
    expect(region.stderr).toContain('AWS_REGION');
    expect(credentials.stderr).toContain('No AWS credentials were found');
  });

  it('a command without `prod` does not reach AWS', async () => {
    const { exitCode, stderr } = await runBin('ddb/scan', [], { env: { ...env, AWS_ENDPOINT_URL_DYNAMODB: '' } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Add prod if that is intended');
  });
});
