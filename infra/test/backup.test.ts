import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, inject, it } from 'vitest';
import { BackupStack } from '../src/backup/backup-stack.ts';
import { buildVaultApp } from '../src/backup/build-vault-app.ts';
import { checkWithNag } from '../src/nag.ts';
import { synthesise } from './support/deployment.ts';
import { evaluate, type PolicyStatement } from './support/evaluate.ts';

const VAULT_ACCOUNT = '210987654321';
const backupVaultArn = `arn:aws:backup:eu-west-1:${VAULT_ACCOUNT}:backup-vault:cruddur-messages-copies`;
const databaseVaultArn = `arn:aws:backup:ca-central-1:${VAULT_ACCOUNT}:backup-vault:cruddur-messages-copies`;
const place = { region: 'ca-central-1', account: '123456789012' };

describe('without a vault in another account', () => {
  it('there are no backups by AWS Backup, and no alarms of them', () => {
    const deployment = synthesise();
    expect(deployment.backup).toBeUndefined();
    expect(JSON.stringify(deployment.template('watch').toJSON())).not.toContain('backup-failed');
  });
});

describe('with a vault in another account', () => {
  const deployment = synthesise({ ...place, backupVaultArn, databaseVaultArn });
  if (!(deployment.backup instanceof BackupStack)) throw new Error('no backups');
  const template = Template.fromStack(deployment.backup);

  it.each([
    ['Table', backupVaultArn, 'another account and region', /MessagesTableArn/],
    [
      'Database',
      databaseVaultArn,
      'another account in this region',
      /:rds:ca-central-1:123456789012:cluster:.*DatabaseCluster/,
    ],
  ])('the %s is backed up each night for 35 days, and copied to %s for 90: %s', (name, vaultArn, _, resource) => {
    const plans = Object.entries(template.findResources('AWS::Backup::BackupPlan'));
    const [id, { Properties } = { Properties: {} }] = plans.find(([each]) => each.startsWith(name)) ?? ['', undefined];
    expect(Properties).toMatchObject({
      BackupPlan: {
        BackupPlanRule: [
          {
            ScheduleExpression: 'cron(0 7 * * ? *)',
            Lifecycle: { DeleteAfterDays: 35 },
            CopyActions: [{ DestinationBackupVaultArn: vaultArn, Lifecycle: { DeleteAfterDays: 90 } }],
          },
        ],
      },
    });
    const selections = Object.values(template.findResources('AWS::Backup::BackupSelection'));
    const ofPlan = selections.filter((each) => JSON.stringify(each.Properties.BackupPlanId).includes(id));
    expect(ofPlan).toHaveLength(1);
    expect(ofPlan[0]?.Properties.BackupSelection.Resources).toHaveLength(1);
    expect(JSON.stringify(ofPlan[0]?.Properties.BackupSelection.Resources)).toMatch(resource);
  });

  it('the role of the backups has the name that the service control policy allows', () => {
    template.hasResourceProperties('AWS::IAM::Role', { RoleName: 'cruddur-backup-ca-central-1' });
  });

  it('the vault accepts what is copied back from the other account', () => {
    const [{ Properties } = { Properties: {} }] = Object.values(template.findResources('AWS::Backup::BackupVault'));
    const { Statement } = Properties.AccessPolicy as { Statement: PolicyStatement[] };
    expect(Statement.map(({ Action }) => Action)).toEqual(['backup:CopyIntoBackupVault']);
    expect(JSON.stringify(Statement)).toContain(`:iam::${VAULT_ACCOUNT}:root`);
  });

  it('the vault, its key and the stack are kept', () => {
    const kept = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };
    template.hasResource('AWS::Backup::BackupVault', kept);
    template.hasResource('AWS::KMS::Key', kept);
    expect(deployment.backup?.terminationProtection).toBe(true);
  });

  it.each([
    ["the database's key, with which its snapshots are encrypted", () => deployment.template('data')],
    ["the vault's key, with which the table's backups are encrypted", () => template],
  ])('%s, lets the other account copy, which a key of AWS would not', (_, templateOf) => {
    const [{ Properties } = { Properties: {} }] = Object.values(templateOf().findResources('AWS::KMS::Key'));
    const { Statement } = Properties.KeyPolicy as { Statement: (PolicyStatement & { Principal: unknown })[] };
    const shared = Statement.filter(({ Principal }) => JSON.stringify(Principal).includes(VAULT_ACCOUNT));
    expect(shared.flatMap(({ Action }) => Action)).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:CreateGrant']));
    const grant = shared.find(({ Action }) => [Action].flat().includes('kms:CreateGrant'));
    expect(grant?.Condition).toEqual({ Bool: { 'kms:GrantIsForAWSResource': 'true' } });
  });

  it('what failed is announced in a queue that may receive it, and sounds an alarm; so does a night without copies', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.backup'],
        'detail-type': ['Backup Job State Change', 'Copy Job State Change'],
        detail: { state: ['FAILED', 'ABORTED', 'EXPIRED'] },
      },
      Targets: [{ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Failures'), 'Arn'] } }],
    });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: Match.anyValue(),
          }),
        ]),
      },
    });
    const alarms = deployment.template('watch');
    alarms.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: 'cruddur-backup-failed', Threshold: 0 });
    alarms.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'cruddur-backup-missing',
      MetricName: 'NumberOfMessagesSent',
      Period: 86_400,
      EvaluationPeriods: 2,
      Threshold: 2,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('has no finding of cdk-nag', () => {
    checkWithNag(deployment.app);
    expect(() => deployment.app.synth()).not.toThrow();
  });
});

describe('the vault in the other account', () => {
  const outdir = () => mkdtempSync(path.join(inject('infraOutDir'), 'vault-'));
  const context = { region: 'eu-west-1', account: VAULT_ACCOUNT, sourceAccount: place.account };
  const { app, stack } = buildVaultApp({ outdir: outdir(), context });
  const template = Template.fromStack(stack);

  it('is locked for good after three days: no one deletes a copy within 30 days, and none is kept beyond 90', () => {
    template.hasResourceProperties('AWS::Backup::BackupVault', {
      BackupVaultName: 'cruddur-messages-copies',
      // Without ChangeableForDays the lock would be one that its administrator can remove.
      LockConfiguration: { MinRetentionDays: 30, MaxRetentionDays: 90, ChangeableForDays: 3 },
    });
  });

  it('lets that account copy them back, but not touch the grants by which they are kept', () => {
    const [{ Properties } = { Properties: {} }] = Object.values(template.findResources('AWS::KMS::Key'));
    const { Statement } = Properties.KeyPolicy as { Statement: (PolicyStatement & { Principal: unknown })[] };
    const shared = Statement.filter(({ Principal }) => JSON.stringify(Principal).includes(place.account));
    const actions = shared.flatMap(({ Action }) => Action);
    expect(actions).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:CreateGrant']));
    expect(
      actions.filter(
        (action) => !/^kms:(Decrypt|DescribeKey|Encrypt|GenerateDataKey\*|ReEncrypt\*|CreateGrant)$/.test(action),
      ),
    ).toEqual([]);
  });

  it('accepts copies from the one account, and grants no one anything else', () => {
    const [policy] = Object.values(template.findResources('AWS::Backup::BackupVault')).map(
      ({ Properties }) => Properties.AccessPolicy,
    );
    const { Statement } = policy as { Statement: (PolicyStatement & { Principal: object })[] };
    expect(Statement).toHaveLength(1);
    expect(JSON.stringify(Statement[0]?.Principal)).toContain(`:iam::${place.account}:root`);
    const ofThatAccount = Statement.map((statement) => ({ ...statement, Principal: undefined }));
    const asks = (action: string) => evaluate(ofThatAccount, { action, resource: backupVaultArn });
    expect(asks('backup:CopyIntoBackupVault')).toBe('allow');
    expect(asks('backup:DeleteRecoveryPoint')).toBe('nothing');
  });

  it('has no finding of cdk-nag, and is kept', () => {
    checkWithNag(app);
    expect(() => app.synth()).not.toThrow();
    expect(stack.terminationProtection).toBe(true);
  });

  it.each([
    ['without the account whose data is copied', { sourceAccount: undefined }, /sourceAccount/],
    ['in the account whose data is copied', { account: place.account }, /account/],
  ])('is refused %s', (_, other, named) => {
    expect(() => buildVaultApp({ outdir: outdir(), context: { ...context, ...other } })).toThrow(named);
  });
});
