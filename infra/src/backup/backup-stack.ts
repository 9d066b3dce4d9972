import { ArnFormat, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { DataStack } from '../data/data-stack.ts';
import { suppressNag } from '../nag.ts';
import { accountOf } from '../share-key.ts';
import { COPY_RETENTION, createVault } from './vault.ts';

/** How long a backup stays in this account. Point-in-time recovery covers the same days by the second. */
const LOCAL_RETENTION = Duration.days(35);

/** ARNs of the vaults in the other account that receive the copies. */
interface Vaults {
  /** In another region. */
  table: string;
  /**
   * In this region: AWS Backup copies Aurora's snapshots to another account or to another region, not to both at once.
   * https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
   */
  database: string;
}

/**
 * A backup of table and PostgreSQL each night, copied into locked vaults of another account: what is left if this account is
 * taken over. It exists with the settings `backupVaultArn` and `databaseVaultArn` only.
 */
export class BackupStack extends Stack {
  /** What AWS Backup says of jobs that failed, also of another program's. */
  readonly failures: Queue;
  /** Copies that arrived in the other account: two a night. */
  readonly copies: Queue;

  constructor(scope: Construct, id: string, props: StackProps & { data: DataStack; vaults: Vaults }) {
    super(scope, id, { ...props, terminationProtection: true });
    const { vaults } = props;
    const { table, database } = props.data;
    const vault = createVault(this, 'cruddur-messages', { partner: accountOf(vaults.table) });
    const role = this.createRole();
    const databaseArn = this.formatArn({
      service: 'rds',
      resource: 'cluster',
      resourceName: database.cluster.clusterIdentifier,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.plan('Table', { vault, role, resourceArn: table.tableArn, copiesArn: vaults.table });
    this.plan('Database', { vault, role, resourceArn: databaseArn, copiesArn: vaults.database });
    const job = 'Backup Job State Change';
    const copy = 'Copy Job State Change';
    this.failures = this.announce('Failures', [job, copy], ['FAILED', 'ABORTED', 'EXPIRED'], Duration.days(14));
    this.copies = this.announce('Copied', [copy], ['COMPLETED'], Duration.days(1));
    new CfnOutput(this, 'FailuresQueueUrl', { value: this.failures.queueUrl });
    new CfnOutput(this, 'VaultName', { value: vault.backupVaultName });
  }

  private plan(
    id: string,
    { vault, role, resourceArn, copiesArn }: { vault: BackupVault; role: Role; resourceArn: string; copiesArn: string },
  ): void {
    const plan = new BackupPlan(this, id, {
      backupPlanName: `cruddur-${id.toLowerCase()}`,
      backupVault: vault,
      backupPlanRules: [
        new BackupPlanRule({
          ruleName: 'each-night',
          scheduleExpression: Schedule.cron({ hour: '7', minute: '0' }),
          startWindow: Duration.hours(1),
          completionWindow: Duration.hours(12),
          deleteAfter: LOCAL_RETENTION,
          copyActions: [
            {
              destinationBackupVault: BackupVault.fromBackupVaultArn(this, `${id}Copies`, copiesArn),
              deleteAfter: COPY_RETENTION,
            },
          ],
        }),
      ],
    });
    plan.addSelection('Data', {
      resources: [BackupResource.fromArn(resourceArn)],
      role,
      disableDefaultBackupPolicy: true,
    });
  }

  /** Puts events of jobs in a queue. https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html */
  private announce(id: string, detailType: string[], state: string[], retentionPeriod: Duration): Queue {
    const queue = new Queue(this, id, { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod });
    suppressNag(queue, { SQS3: 'Nothing is retried from it: an operator, or an alarm, counts what is in it.' });
    new Rule(this, `${id}Rule`, {
      eventPattern: { source: ['aws.backup'], detailType, detail: { state } },
      targets: [new SqsQueue(queue)],
    });
    return queue;
  }

  /** `policies/service-control-policy.json` lets this name make copies. */
  private createRole(): Role {
    const managed = (name: string) => ManagedPolicy.fromAwsManagedPolicyName(`service-role/${name}`);
    const role = new Role(this, 'Role', {
      roleName: `cruddur-backup-${this.region}`,
      assumedBy: new ServicePrincipal('backup.amazonaws.com'),
      managedPolicies: [
        managed('AWSBackupServiceRolePolicyForBackup'),
        managed('AWSBackupServiceRolePolicyForRestores'),
      ],
    });
    suppressNag(role, { IAM4: "AWS Backup's own policies follow what each service needs." });
    return role;
  }
}
