import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { describeTable, ensureTable } from '@cruddur/ddb';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestDynamoDb } from '../support/dynamodb.ts';
import { runBin } from './support/run-bin.ts';
import { newTableName } from './support/stores.ts';

const client = createTestDynamoDb();
afterAll(() => client.destroy());

async function described(tableName: string) {
  const table = await describeTable(client, tableName);
  return table ?? expect.fail(`There is no table ${tableName}`);
}

describe.concurrent('bin/ddb/schema-load', () => {
  it('creates the table with index and stream, on demand, and reports an existing one', async () => {
    const env = { DDB_TABLE: newTableName() };
    const first = await runBin('ddb/schema-load', [], { env });
    expect(first).toMatchObject({ exitCode: 0, stdout: `Created the table ${env.DDB_TABLE}; it is active.` });
    expect(await described(env.DDB_TABLE)).toMatchObject({
      TableStatus: 'ACTIVE',
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      GlobalSecondaryIndexes: [{ IndexName: 'message-group-sk-index', IndexStatus: 'ACTIVE' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      DeletionProtectionEnabled: false,
    });
    const [again, json] = await Promise.all([
      runBin('ddb/schema-load', [], { env }),
      runBin('ddb/schema-load', ['--json'], { env }),
    ]);
    expect(again).toMatchObject({ exitCode: 0, stdout: `The table ${env.DDB_TABLE} already exists.` });
    expect(json.records()).toEqual([{ table: env.DDB_TABLE, created: false }]);
    expect(json).toMatchObject({ exitCode: 0, stderr: again.stdout });
  });

  it('applies provisioned units or on-demand limits, and refuses both together', async () => {
    const [provisioned, limited] = [newTableName(), newTableName()];
    const [one, other, both, badTag] = await Promise.all([
      runBin('ddb/schema-load', ['--billing', 'provisioned', '--tag', 'team=chat'], {
        env: { DDB_TABLE: provisioned },
      }),
      runBin('ddb/schema-load', ['--max-read-units', '40', '--max-write-units', '20'], { env: { DDB_TABLE: limited } }),
      runBin('ddb/schema-load', ['--billing', 'provisioned', '--max-read-units', '40']),
      runBin('ddb/schema-load', ['--tag', 'team']),
    ]);
    expect([one, other].map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(await described(provisioned)).toMatchObject({
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
      GlobalSecondaryIndexes: [{ ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } }],
    });
    expect(await described(limited)).toMatchObject({
      OnDemandThroughput: { MaxReadRequestUnits: 40, MaxWriteRequestUnits: 20 },
    });
    expect([both, badTag].map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(Array(2).fill([1, '']));
    expect(badTag.stderr).toMatch(/KEY=VALUE.*\nUsage: bin\/ddb\/schema-load/s);
  });

  it('refuses a table with another schema', async () => {
    const DDB_TABLE = newTableName();
    await client.send(
      new CreateTableCommand({
        TableName: DDB_TABLE,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    const { exitCode, stderr } = await runBin('ddb/schema-load', [], { env: { DDB_TABLE } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('its keys are id HASH, not pk HASH, sk RANGE; it has no index message-group-sk-index');
  });
});

describe.concurrent('bin/ddb/list-tables', () => {
  it('prints a table, or JSON lines', async () => {
    const tableName = newTableName();
    await ensureTable(client, tableName);
    const [human, json] = await Promise.all([runBin('ddb/list-tables'), runBin('ddb/list-tables', ['--json'])]);
    expect(human.exitCode).toBe(0);
    expect(human.stdout).toMatch(/│ table +│ status │ +items │/);
    expect(human.stdout).toMatch(new RegExp(`│ ${tableName} +│ ACTIVE │ +0 │`));
    expect(json.records()).toContainEqual({
      name: tableName,
      status: 'ACTIVE',
      items: 0,
      bytes: 0,
      billing: 'on-demand',
      deletionProtection: false,
    });
  });
});

describe.concurrent('bin/ddb/drop', () => {
  it('drops only the table whose name is confirmed', async () => {
    const tableName = newTableName();
    await ensureTable(client, tableName);
    const [unconfirmed, other, prod] = await Promise.all([
      runBin('ddb/drop', [tableName]),
      runBin('ddb/drop', [tableName, '--yes', 'cruddur-messages']),
      runBin('ddb/drop', ['prod']),
    ]);
    expect([unconfirmed, other, prod].map(({ exitCode }) => exitCode)).toEqual([1, 1, 1]);
    expect(unconfirmed.stderr).toContain(`there is no terminal. Add --yes ${tableName}`);
    expect(other.stderr).toContain(`"cruddur-messages" is not ${tableName}`);
    expect(await describeTable(client, tableName)).toBeDefined();

    const dropped = await runBin('ddb/drop', [tableName, '--yes', tableName, '--json']);
    expect(dropped.exitCode).toBe(0);
    expect(dropped.records()).toEqual([{ table: tableName, dropped: true }]);
    expect(await describeTable(client, tableName)).toBeUndefined();
    const again = await runBin('ddb/drop', [tableName, '--yes', tableName]);
    expect(again).toMatchObject({ exitCode: 2, stdout: '', stderr: `Error: There is no table ${tableName}.` });
  });

  it('prompts for the name, and refuses another one', async () => {
    const tableName = newTableName();
    await ensureTable(client, tableName);
    const cue = `Type ${tableName} to drop the table ${tableName}`;
    const other = await runBin('ddb/drop', [tableName], { typed: { cue, type: 'cruddur-messages\r' } });
    expect(other).toMatchObject({ exitCode: 1, stdout: '' });
    expect(other.stderr).toContain(`"cruddur-messages" is not ${tableName}`);
    expect(await describeTable(client, tableName)).toBeDefined();
    const dropped = await runBin('ddb/drop', [tableName], { typed: { cue, type: `${tableName}\r` } });
    expect(dropped).toMatchObject({ exitCode: 0, stdout: `Dropped the table ${tableName}.` });
    expect(await describeTable(client, tableName)).toBeUndefined();
  });

  it('requires a table name', async () => {
    const { exitCode, stdout, stderr } = await runBin('ddb/drop');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('Usage: bin/ddb/drop [options] <TABLE> [prod]');
  });
});

describe.concurrent('a missing table', () => {
  it('is reported with the command that creates it', async () => {
    const { exitCode, stdout, stderr } = await runBin('ddb/scan', [], { env: { DDB_TABLE: newTableName() } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^Error: There is no table .+: create it with bin\/ddb\/schema-load\.$/);
  });
});
