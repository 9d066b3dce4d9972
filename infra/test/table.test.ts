import { DEFAULT_TABLE_NAME } from '@cruddur/config';
import { tableDefinition } from '@cruddur/ddb';
import { describe, expect, it } from 'vitest';
import { TABLE_LOGICAL_ID } from '../src/data/messages-table.ts';
import { synthesise } from './support/deployment.ts';

const TABLE = 'AWS::DynamoDB::GlobalTable';

describe('the table', () => {
  const deployment = synthesise();
  const { Properties, DeletionPolicy, UpdateReplacePolicy } = deployment.only('data', TABLE);
  const [replica] = Properties.Replicas as [Record<string, unknown>];

  it('has the keys, index and stream of packages/ddb', () => {
    const contract = tableDefinition(DEFAULT_TABLE_NAME);
    expect(Properties).toMatchObject({
      TableName: contract.TableName,
      KeySchema: contract.KeySchema,
      GlobalSecondaryIndexes: contract.GlobalSecondaryIndexes,
      BillingMode: contract.BillingMode,
      StreamSpecification: { StreamViewType: contract.StreamSpecification?.StreamViewType },
    });
    expect(Properties.AttributeDefinitions).toHaveLength(contract.AttributeDefinitions?.length ?? 0);
    expect(Properties.AttributeDefinitions).toEqual(expect.arrayContaining(contract.AttributeDefinitions ?? []));
  });

  it('can get a replica, and is in one region until it does', () => {
    expect(Properties.Replicas).toEqual([replica]);
    expect(replica.Region).toEqual({ Ref: 'AWS::Region' });
  });

  it('has no maximum and no more warm units than AWS gives', () => {
    expect(JSON.stringify(Properties)).not.toMatch(/MaxReadRequestUnits|MaxWriteRequestUnits|WarmThroughput/);
  });

  it('has point-in-time recovery for 35 days, encryption and deletion protection', () => {
    expect(Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    expect(replica).toMatchObject({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
      DeletionProtectionEnabled: true,
    });
  });

  it('erases what has expired', () => {
    expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expires_at', Enabled: true });
  });

  it('is retained when its stack is deleted, which termination protection prevents', () => {
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
    expect(deployment.stacks.data.terminationProtection).toBe(true);
  });

  it('keeps its logical id and name, so that no update replaces it', () => {
    expect(deployment.all('data', TABLE).map(([id]) => id)).toEqual(['MessagesTable']);
    expect(TABLE_LOGICAL_ID).toBe('MessagesTable');
    expect(Properties.TableName).toBe('cruddur-messages');
  });

  it('reports throttled keys', () => {
    expect(replica.ContributorInsightsSpecification).toEqual({ Enabled: true, Mode: 'THROTTLED_KEYS' });
  });
});

describe('the table with a maximum and warm units', () => {
  it('has both for the table and for the index', () => {
    const deployment = synthesise({
      onDemandReadUnitsMax: 5000,
      onDemandWriteUnitsMax: 3000,
      warmReadUnits: 24_000,
      warmWriteUnits: 8000,
    });
    const warm = { WarmThroughput: { ReadUnitsPerSecond: 24_000, WriteUnitsPerSecond: 8000 } };
    const writes = { WriteOnDemandThroughputSettings: { MaxWriteRequestUnits: 3000 } };
    const reads = { ReadOnDemandThroughputSettings: { MaxReadRequestUnits: 5000 } };
    expect(deployment.only('data', TABLE).Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      ...warm,
      ...writes,
      GlobalSecondaryIndexes: [{ ...warm, ...writes }],
      Replicas: [{ ...reads, GlobalSecondaryIndexes: [reads] }],
    });
  });
});

describe('a restored table that is served', () => {
  const name = 'cruddur-messages-restored';
  const place = { region: 'ca-central-1', account: '123456789012' };
  const arn = `arn:aws:dynamodb:ca-central-1:123456789012:table/${name}`;
  const servedStreamArn = `${arn}/stream/2026-11-20T08:15:00.000`;
  const own = synthesise();
  const served = synthesise({ ...place, servedTableName: name, servedStreamArn });
  const textOf = (stack: Parameters<typeof own.template>[0]) => JSON.stringify(served.template(stack).toJSON());

  it('is what API, Lambdas, mappings, policies and alarms use, and nothing uses the own table', () => {
    for (const stack of ['api', 'push', 'stream', 'index', 'watch'] as const) {
      expect(textOf(stack), stack).toContain(name);
      expect(textOf(stack), stack).not.toContain('MessagesTable');
    }
    for (const stack of ['stream', 'index'] as const) {
      expect(served.only(stack, 'AWS::Lambda::EventSourceMapping').Properties.EventSourceArn).toBe(servedStreamArn);
      expect(JSON.stringify(served.all(stack, 'AWS::IAM::Policy'))).toContain(servedStreamArn);
    }
    expect(served.template('data').toJSON().Outputs).toMatchObject({
      TableName: { Value: name },
      StreamArn: { Value: servedStreamArn },
    });
  });

  it('leaves the own table as it is', () => {
    const { Properties } = served.only('data', TABLE);
    expect({ ...Properties, Replicas: [] }).toEqual({ ...own.only('data', TABLE).Properties, Replicas: [] });
  });

  it('removes no export, which CloudFormation would refuse while other stacks still import it', () => {
    const exportsOf = (deployment: typeof own) =>
      Object.values(
        deployment.template('data').toJSON().Outputs as Record<string, { Export?: { Name: string } }>,
      ).flatMap(({ Export }) => (Export ? [Export.Name] : []));
    expect(exportsOf(own).filter((name) => name.includes('MessagesTable'))).toHaveLength(3);
    expect(exportsOf(served)).toEqual(expect.arrayContaining(exportsOf(own)));
  });

  it.each([
    ['without its stream', { servedTableName: name }],
    ['with the stream of another table', { servedTableName: `${name}-2`, servedStreamArn }],
    [
      'whose name the network does not admit',
      { servedTableName: 'restored', servedStreamArn: servedStreamArn.replace(name, 'restored') },
    ],
  ])('is refused %s', (_, settings) => {
    expect(() => synthesise({ ...place, ...settings })).toThrow(/servedStreamArn|servedTableName/);
  });
});

describe('the table with provisioned billing', () => {
  const units = { readUnitsMin: 10, readUnitsMax: 200, writeUnitsMin: 20, writeUnitsMax: 400 };
  const deployment = synthesise({ billing: 'provisioned', ...units });

  it('scales reads and writes of table and index by use within the settings', () => {
    const scaled = (MinCapacity: number, MaxCapacity: number) => ({
      MinCapacity,
      MaxCapacity,
      TargetTrackingScalingPolicyConfiguration: { TargetValue: 70 },
    });
    const writes = { WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: scaled(20, 400) } };
    const reads = { ReadProvisionedThroughputSettings: { ReadCapacityAutoScalingSettings: scaled(10, 200) } };
    const { Properties } = deployment.only('data', TABLE);
    expect(Properties).toMatchObject({
      BillingMode: 'PROVISIONED',
      ...writes,
      GlobalSecondaryIndexes: [writes],
      Replicas: [{ ...reads, GlobalSecondaryIndexes: [reads] }],
    });
  });
});
