import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runBin } from '../support/run-bin.ts';
import { serveStacks } from './support/stacks.ts';
import { awsError, failFirst, startStandIns } from './support/stand-ins.ts';
import { serveTables } from './support/tables.ts';

const TABLE = 'cruddur-messages';
const AT = '2026-11-20T08:15:00Z';
const RESTORED = 'cruddur-messages-restored-20261120-081500';
const STREAM_ARN = `arn:aws:dynamodb:ca-central-1:123456789012:table/${RESTORED}/stream/2026-11-27T09:00:00.000`;

let aws: ReturnType<typeof startStandIns>;
let tables: ReturnType<typeof serveTables>;

beforeEach(() => {
  aws = startStandIns();
  serveStacks(aws, { CruddurData: { TableName: TABLE } });
  tables = serveTables(aws, TABLE);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const restore = (...args: string[]) => runBin('aws/restore-table', ['--at', AT, '--yes', TABLE, ...args]);

const PREPARED = {
  TableStatus: 'ACTIVE',
  DeletionProtectionEnabled: true,
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
  recovery: 'ENABLED',
  ttl: true,
  tags: [
    { Key: 'application', Value: 'cruddur-messages' },
    { Key: 'stage', Value: 'production' },
  ],
  insights: ['', 'message-group-sk-index'],
};

describe('bin/aws/restore-table', () => {
  it('restores into a new table, gives it what a restored one lacks, and prints the settings that serve it', async () => {
    const { exitCode, stdout, stderr } = await restore();
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('region: ca-central-1'),
    });
    expect(tables.get(RESTORED)).toMatchObject({ ...PREPARED, BillingMode: 'PAY_PER_REQUEST' });
    expect(stdout).toContain(`  "servedTableName": "${RESTORED}",\n  "servedStreamArn": "${STREAM_ARN}",`);
    expect(stdout).toContain(`bin/aws/run --table ${RESTORED} -- bin/ddb/verify prod`);
    const { records } = await restore('--json');
    expect(records()).toEqual([
      {
        table: RESTORED,
        streamArn: STREAM_ARN,
        settings: { servedTableName: RESTORED, servedStreamArn: STREAM_ARN },
      },
    ]);
  });

  it.each([
    ['while it is restored', 'RestoreTableToPointInTime'],
    ['while its stream is turned on', 'UpdateTable'],
    ['while its recovery is turned on', 'UpdateContinuousBackups'],
  ])('continues after Ctrl-C %s, and restores only once', async (_, operation) => {
    const controller = new AbortController();
    const stopping = new Proxy(controller.signal, {
      get(signal, name) {
        const isAsked = aws.calls.some((call) => call.name === `DynamoDB.${operation}`);
        if (isAsked) controller.abort();
        const value: unknown = Reflect.get(signal, name, signal);
        return typeof value === 'function' ? value.bind(signal) : value;
      },
    });
    const stopped = await runBin('aws/restore-table', ['--at', AT, '--yes', TABLE], { interrupted: stopping });
    expect(stopped).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Run the same command again') });
    const continued = await restore();
    expect(continued.exitCode).toBe(0);
    expect(continued.stderr).toContain(`An earlier run has begun to restore ${RESTORED}`);
    expect(tables.get(RESTORED)).toMatchObject(PREPARED);
    expect(aws.names().filter((name) => name === 'DynamoDB.RestoreTableToPointInTime')).toHaveLength(1);
  });

  it.each([
    ['before the first', '2026-10-23T08:59:59Z', '2026-10-23T09:00:00.000Z to 2026-11-27T08:55:00.000Z'],
    ['after the last', '2026-11-27T08:55:01Z', '2026-11-27T08:55:01.000Z is outside'],
  ])('refuses a time %s that can be restored', async (_, at, words) => {
    const { exitCode, stderr } = await runBin('aws/restore-table', ['--at', at, '--yes', TABLE]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(words) });
    expect(aws.names()).toEqual([]);
  });

  it('waits while DynamoDB still describes the table as it was before its stream was turned on', async () => {
    let stale = 0;
    aws.serve(DynamoDBClient, {
      UpdateTable(input: { TableName: string; StreamSpecification?: object; DeletionProtectionEnabled?: boolean }) {
        const table = tables.get(input.TableName);
        if (!table) throw awsError('ResourceNotFoundException', 'Table not found');
        if (input.DeletionProtectionEnabled) table.DeletionProtectionEnabled = true;
        if (!input.StreamSpecification) return {};
        stale++;
        if (stale === 2) throw awsError('ResourceInUseException', 'Table is being updated');
        // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html: StreamSpecification
        if (stale === 3) throw awsError('ValidationException', 'Table already has an enabled stream');
        if (stale < 4) return {};
        Object.assign(table, { StreamSpecification: input.StreamSpecification, LatestStreamArn: STREAM_ARN });
        return {};
      },
    });
    expect(await restore()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(STREAM_ARN) });
    expect(stale).toBe(4);
  });

  it('gives up at once if the restored table is being deleted', async () => {
    await restore();
    aws.serve(DynamoDBClient, {
      DescribeTable: ({ TableName }: { TableName: string }) => ({
        Table: { ...tables.get(TableName), ...(TableName === RESTORED && { TableStatus: 'DELETING' }) },
      }),
    });
    expect(await restore()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('its state is DELETING') });
  });

  it('repeats tags and insights that are refused while the table is changed', async () => {
    const busy = () => awsError('ResourceInUseException', 'Table is being updated');
    aws.serve(DynamoDBClient, {
      TagResource: failFirst(2, busy, ({ Tags }: never) => Object.assign(tables.get(RESTORED) ?? {}, { tags: Tags })),
      UpdateContributorInsights: failFirst(3, busy, ({ IndexName = '' }: { IndexName?: string }) => {
        tables.get(RESTORED)?.insights.push(IndexName);
        return {};
      }),
    });
    expect((await restore()).exitCode).toBe(0);
    expect(tables.get(RESTORED)).toMatchObject(PREPARED);
  });

  it('refuses a name that another table has', async () => {
    tables.set(RESTORED, { ...(tables.get(TABLE) as NonNullable<ReturnType<typeof tables.get>>), TableName: RESTORED });
    const { exitCode, stderr } = await restore();
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is taken by a table') });
    expect(aws.names()).toEqual([]);
  });

  it('refuses a table without recovery, and one that does not exist', async () => {
    const table = tables.get(TABLE);
    if (table) table.recovery = 'DISABLED';
    const off = await restore();
    expect(off).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('recovery of cruddur-messages is off') });
    const gone = await restore('--source', 'cruddur-messages-gone', '--yes', 'cruddur-messages-gone');
    expect(gone).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--backup-type SYSTEM') });
    expect(aws.names()).toEqual([]);
  });

  it.each([
    [['--at', 'yesterday'], 'It must be a time in UTC'],
    [['--at', '2026-13-20T08:15:00Z'], 'It must be a time in UTC'],
    [[], 'Name a time with --at, or a table with --prepare.'],
    [['--at', AT, '--prepare', RESTORED], 'Name a time with --at, or a table with --prepare.'],
    [['--prepare', TABLE, '--yes', TABLE], 'is the table that is served'],
    [['--prepare', 'cruddur-messages-none', '--yes', TABLE], 'There is no table cruddur-messages-none.'],
    [['--at', AT, '--yes', 'cruddur'], '"cruddur" is not cruddur-messages'],
  ])('refuses %j', async (args, words) => {
    const { exitCode, stderr } = await runBin('aws/restore-table', args);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(words) });
    expect(aws.names()).toEqual([]);
  });

  it('prepares a table that was restored by other means', async () => {
    await restore();
    const table = tables.get(RESTORED);
    const name = 'cruddur-messages-restored-from-vault';
    const { StreamSpecification: _, LatestStreamArn: __, ...bare } = table ?? ({} as never);
    tables.set(name, { ...bare, TableName: name, DeletionProtectionEnabled: false, recovery: 'STARTING', ttl: false });
    const { exitCode } = await runBin('aws/restore-table', ['--prepare', name, '--yes', TABLE]);
    expect({ exitCode, table: tables.get(name) }).toMatchObject({ exitCode: 0, table: PREPARED });
  });

  it('fails with the reason of AWS if it may not restore', async () => {
    const words = 'User is not authorized to perform: dynamodb:RestoreTableToPointInTime with an explicit deny';
    aws.serve(DynamoDBClient, {
      RestoreTableToPointInTime: () => {
        throw awsError('AccessDeniedException', words);
      },
    });
    expect(await restore()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(words) });
  });
});
