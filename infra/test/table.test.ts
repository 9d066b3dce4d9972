import { readFileSync } from 'node:fs';
import { DEFAULT_TABLE_NAME } from '@cruddur/config';
import { tableDefinition } from '@cruddur/ddb';
import { describe, expect, it } from 'vitest';
import { TABLE_LOGICAL_ID } from '../src/data/messages-table.ts';
import { synthesise } from './support/deployment.ts';

const TABLE = 'AWS::DynamoDB::Table';
const policyFile = (name: string) =>
  JSON.parse(readFileSync(new URL(`../policies/${name}`, import.meta.url), 'utf8')) as {
    Statement: { Sid?: string; Effect: string; Action: string | string[]; Resource: string | string[] }[];
  };

describe('the table', () => {
  const deployment = synthesise();
  const { Properties, DeletionPolicy, UpdateReplacePolicy } = deployment.only('data', TABLE);

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

  it('has point-in-time recovery for 35 days, encryption and deletion protection', () => {
    expect(Properties).toMatchObject({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
      SSESpecification: { SSEEnabled: true },
      DeletionProtectionEnabled: true,
    });
  });

  it('erases what has expired', () => {
    expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expires_at', Enabled: true });
  });

  it('is retained when its stack is deleted, which termination protection prevents', () => {
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    expect(deployment.stacks.data.terminationProtection).toBe(true);
  });

  it('keeps its logical id and name, so that no update replaces it', () => {
    expect(deployment.all('data', TABLE).map(([id]) => id)).toEqual(['MessagesTable']);
    expect(TABLE_LOGICAL_ID).toBe('MessagesTable');
    expect(Properties.TableName).toBe('cruddur-messages');
  });

  it('reports throttled keys', () => {
    expect(Properties.ContributorInsightsSpecification).toEqual({ Enabled: true, Mode: 'THROTTLED_KEYS' });
  });
});

describe('the table with provisioned billing', () => {
  const units = { readUnitsMin: 10, readUnitsMax: 200, writeUnitsMin: 20, writeUnitsMax: 400 };
  const deployment = synthesise({ billing: 'provisioned', ...units });

  it('has units for the table and for the index', () => {
    const throughput = { ReadCapacityUnits: 10, WriteCapacityUnits: 20 };
    const { Properties } = deployment.only('data', TABLE);
    expect(Properties).toMatchObject({
      ProvisionedThroughput: throughput,
      GlobalSecondaryIndexes: [{ ProvisionedThroughput: throughput }],
    });
    expect(Properties.BillingMode).not.toBe('PAY_PER_REQUEST');
  });

  it('scales both by use within the settings', () => {
    const targets = deployment.all('data', 'AWS::ApplicationAutoScaling::ScalableTarget').map(([, { Properties }]) => {
      const { ScalableDimension, MinCapacity, MaxCapacity } = Properties;
      return [ScalableDimension, MinCapacity, MaxCapacity];
    });
    expect(targets).toHaveLength(4);
    expect(targets).toEqual(
      expect.arrayContaining([
        ['dynamodb:table:ReadCapacityUnits', 10, 200],
        ['dynamodb:table:WriteCapacityUnits', 20, 400],
        ['dynamodb:index:ReadCapacityUnits', 10, 200],
        ['dynamodb:index:WriteCapacityUnits', 20, 400],
      ]),
    );
  });
});

describe('the policies that keep the table', () => {
  const deployment = synthesise();

  it('let no stack update replace or remove data', () => {
    const denials = policyFile('stack-policy.json').Statement.filter(({ Effect }) => Effect === 'Deny');
    const kept = denials.flatMap(({ Resource }) => Resource).map((id) => id.replace('LogicalResourceId/', ''));
    expect(denials.flatMap(({ Action }) => Action).sort()).toEqual(['Update:Delete', 'Update:Replace']);
    const { Resources } = deployment.template('data').toJSON() as { Resources: Record<string, { Type: string }> };
    expect(kept.map((id) => Resources[id]?.Type ?? id).sort()).toEqual([
      'AWS::Cognito::UserPool',
      TABLE,
      'AWS::RDS::DBCluster',
    ]);
  });

  it('prevent dropping the table, ending its backups and moving it to another region', () => {
    const { Statement } = policyFile('service-control-policy.json');
    const denied = Statement.filter(({ Effect }) => Effect === 'Deny').flatMap(({ Action }) => Action);
    expect(denied).toEqual(
      expect.arrayContaining([
        'dynamodb:DeleteTable',
        'dynamodb:DeleteBackup',
        'dynamodb:UpdateContinuousBackups',
        'dynamodb:CreateTableReplica',
        'dynamodb:*',
      ]),
    );
    const size = JSON.stringify(policyFile('service-control-policy.json')).length;
    expect(size, 'AWS takes 5,120 characters').toBeLessThan(5120);
  });
});
