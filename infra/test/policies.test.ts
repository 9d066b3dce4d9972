import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { synthesise } from './support/deployment.ts';
import { evaluate, type PolicyStatement } from './support/evaluate.ts';

const policyFile = (name: string) =>
  JSON.parse(readFileSync(new URL(`../policies/${name}`, import.meta.url), 'utf8')) as { Statement: PolicyStatement[] };

describe('the stack policy', () => {
  it('lets no update replace or remove data', () => {
    const denials = policyFile('stack-policy.json').Statement.filter(({ Effect }) => Effect === 'Deny');
    const kept = denials.flatMap(({ Resource }) => Resource).map((id) => id.replace('LogicalResourceId/', ''));
    expect(denials.flatMap(({ Action }) => Action).sort()).toEqual(['Update:Delete', 'Update:Replace']);
    const { Resources } = synthesise().template('data').toJSON() as { Resources: Record<string, { Type: string }> };
    expect(kept.map((id) => Resources[id]?.Type ?? id).sort()).toEqual([
      'AWS::Cognito::UserPool',
      'AWS::DynamoDB::GlobalTable',
      'AWS::RDS::DBCluster',
    ]);
  });
});

describe('the service control policy', () => {
  const { Statement } = policyFile('service-control-policy.json');
  const HOME = 'ca-central-1';
  const SECOND = 'ca-west-1';
  const TABLE = 'cruddur-messages';
  const roles = {
    admin: 'admin',
    recovery: 'cruddur-recovery',
    backup: `cruddur-backup-${HOME}`,
    deployment: `cdk-hnb659fds-cfn-exec-role-123456789012-${HOME}`,
    breakGlass: 'cruddur-break-glass',
  };
  const isDenied = (role: keyof typeof roles, action: string, { table = TABLE, region = HOME, resource = '' } = {}) =>
    evaluate(Statement, {
      action,
      resource: resource || `arn:aws:dynamodb:${region}:123456789012:table/${table}`,
      context: {
        'aws:PrincipalArn': `arn:aws:iam::123456789012:role/${roles[role]}`,
        'aws:RequestedRegion': region,
      },
    }) === 'deny';

  it('fits into 5,120 characters, as AWS demands', () => {
    expect(JSON.stringify(policyFile('service-control-policy.json')).length).toBeLessThan(5120);
  });

  it.each([
    ['DeleteTable', {}],
    ['DeleteTable', { table: `${TABLE}-restored` }],
    ['DeleteTableReplica', { region: SECOND }],
    ['UpdateContinuousBackups', {}],
    ['UpdateContinuousBackups', { region: SECOND }],
    ['ExportTableToPointInTime', {}],
    ['RestoreTableToPointInTime', {}],
    ['StartAwsBackupJob', {}],
    ['CreateTableReplica', { region: SECOND }],
    ['EnableKinesisStreamingDestination', {}],
    ['PutResourcePolicy', {}],
    ['AssociateTableReplica', {}],
    ['CreateTable', { region: 'eu-west-1' }],
    ['GetItem', { region: 'eu-west-1' }],
  ])('denies dynamodb:%s to administrators: %o', (action, where) => {
    expect(isDenied('admin', `dynamodb:${action}`, where)).toBe(true);
  });

  it.each([
    ['CreateTable', { region: SECOND }],
    ['UpdateTable', {}],
    ['GetItem', {}],
    ['DeleteTable', { table: 'of-another-program' }],
    ['UpdateContinuousBackups', { table: 'of-another-program' }],
  ])('leaves dynamodb:%s to administrators: %o', (action, where) => {
    expect(isDenied('admin', `dynamodb:${action}`, where)).toBe(false);
  });

  it.each([
    ['recovery', 'RestoreTableToPointInTime', {}],
    ['recovery', 'RestoreTableFromAwsBackup', { table: `${TABLE}-restored` }],
    ['recovery', 'UpdateContinuousBackups', { table: `${TABLE}-restored` }],
    ['recovery', 'ExportTableToPointInTime', {}],
    ['recovery', 'CreateTableReplica', { region: SECOND }],
    // The copy that a restore drill made.
    ['recovery', 'DeleteTable', { table: `${TABLE}-drill-20261120` }],
    ['backup', 'StartAwsBackupJob', {}],
    ['backup', 'RestoreTableFromAwsBackup', {}],
    ['deployment', 'CreateTableReplica', { region: SECOND }],
    ['deployment', 'UpdateContinuousBackups', { region: SECOND }],
    ['breakGlass', 'DeleteTable', {}],
    ['breakGlass', 'PutResourcePolicy', {}],
  ] as const)('allows %s what recovery needs: dynamodb:%s %o', (role, action, where) => {
    expect(isDenied(role, `dynamodb:${action}`, where)).toBe(false);
  });

  it.each([
    ['recovery', 'DeleteTable', {}],
    ['recovery', 'DeleteTable', { table: `${TABLE}-restored-2` }],
    ['recovery', 'CreateTableReplica', { region: 'eu-west-1' }],
    ['recovery', 'PutResourcePolicy', {}],
    ['backup', 'UpdateContinuousBackups', {}],
    ['backup', 'DeleteTable', { table: `${TABLE}-drill-20261120` }],
    // A deployment cannot end the recovery of the table.
    ['deployment', 'UpdateContinuousBackups', {}],
    ['deployment', 'DeleteTable', {}],
    ['breakGlass', 'CreateTable', { region: 'eu-west-1' }],
  ] as const)('denies %s the rest: dynamodb:%s %o', (role, action, where) => {
    expect(isDenied(role, `dynamodb:${action}`, where)).toBe(true);
  });

  it.each([
    ['dynamodb:DeleteBackup', `arn:aws:dynamodb:${HOME}:123456789012:table/${TABLE}/backup/01489602797149-73d8d5bc`],
    ['backup:DeleteRecoveryPoint', `arn:aws:backup:${HOME}:123456789012:recovery-point:1EB3B5E7-9EB0-435A`],
    ['backup:DeleteRecoveryPoint', `arn:aws:rds:${HOME}:123456789012:cluster-snapshot:awsbackup:job-1eb3b5e7`],
    ['backup:DeleteBackupVault', `arn:aws:backup:${HOME}:123456789012:backup-vault:cruddur-messages`],
    ['backup:PutBackupVaultAccessPolicy', `arn:aws:backup:${HOME}:123456789012:backup-vault:cruddur-messages`],
  ])('denies %s to all but the break-glass role: %s', (action, resource) => {
    for (const role of ['admin', 'recovery', 'backup', 'deployment'] as const) {
      expect(isDenied(role, action, { resource }), role).toBe(true);
    }
    expect(isDenied('breakGlass', action, { resource })).toBe(false);
  });

  it('denies ending the keys of database and backups to all but the break-glass role', () => {
    const ends = (role: string, alias: string) =>
      evaluate(Statement, {
        action: 'kms:ScheduleKeyDeletion',
        resource: `arn:aws:kms:${HOME}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
        context: {
          'aws:PrincipalArn': `arn:aws:iam::123456789012:role/${role}`,
          'aws:RequestedRegion': HOME,
          'kms:ResourceAliases': alias,
        },
      });
    expect(ends(roles.admin, 'alias/cruddur-database')).toBe('deny');
    expect(ends(roles.breakGlass, 'alias/cruddur-database')).toBe('nothing');
    expect(ends(roles.admin, 'alias/of-another-program')).toBe('nothing');
  });

  it.each(['kms:DeleteAlias', 'kms:UpdateAlias'])(
    'denies %s, after which the keys would have no such name',
    (action) => {
      const resource = `arn:aws:kms:${HOME}:123456789012:alias/cruddur-database`;
      for (const role of ['admin', 'recovery', 'deployment'] as const) {
        expect(isDenied(role, action, { resource }), role).toBe(true);
      }
      expect(isDenied('breakGlass', action, { resource })).toBe(false);
      expect(isDenied('admin', action, { resource: resource.replace('cruddur', 'other') })).toBe(false);
    },
  );
});
