import {
  CreateDBInstanceCommand,
  type DBCluster,
  ModifyDBClusterCommand,
  type RDSClient,
  RestoreDBClusterToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { failed, refused } from '../cli/errors.ts';
import { type AwsSession, stopIfInterrupted } from './aws-command.ts';
import { findCluster, listInstances, waitForCluster, whenAccepted } from './clusters.ts';
import { readOwnerPassword } from './owner-password.ts';
import { requireWithin } from './restore-time.ts';

/** Shows a later run what this cluster is: RDS itself does not. */
export const RESTORED_TAG = 'cruddur:restored-to';

/** A writer, and a reader for failover, as in infra/src/data/database.ts. */
const INSTANCES = 2;

interface Restore {
  source: DBCluster;
  target: string;
  at: Date;
  ownerSecretArn: string;
  confirm: () => Promise<void>;
}

/**
 * Restores into a new cluster with network, parameters, scaling and sign-in of the source, and two instances. RDS by itself
 * creates none, and uses the default group and parameters. What an earlier run has done stays.
 *
 * @throws {CommandError} if the time cannot be restored, or the name is taken
 */
export async function restoreCluster(aws: AwsSession, rds: RDSClient, restore: Restore): Promise<DBCluster> {
  const { source, target, at } = restore;
  const existing = await findCluster(rds, target);
  if (existing) {
    const restored = existing.TagList?.find(({ Key }) => Key === RESTORED_TAG)?.Value;
    if (restored !== at.toISOString())
      throw refused(`The name ${target} is taken by a cluster that is not this restore.`);
    aws.out.say(`An earlier run has begun to restore ${target}: continuing.`);
  } else {
    checkTime(source, at);
    aws.out.say(`${source.DBClusterIdentifier} as it was at ${at.toISOString()} is restored into ${target}.`);
    await restore.confirm();
    await rds.send(restoreCommand(restore));
  }
  await waitForCluster(aws, rds, { name: target, minutes: 24 * 60 });
  const present = (await listInstances(rds, target)).map(({ DBInstanceIdentifier }) => DBInstanceIdentifier);
  for (let number = 1; number <= INSTANCES; number++) {
    stopIfInterrupted(aws);
    const name = `${target}-${number}`;
    if (!present.includes(name)) await createInstance(aws, rds, instanceCommand(source, target, name, number - 1));
  }
  await waitForCluster(aws, rds, { name: target, minutes: 60, instances: INSTANCES });
  await setPassword(aws, rds, restore);
  return await waitForCluster(aws, rds, { name: target, minutes: 30, instances: INSTANCES });
}

async function createInstance(aws: AwsSession, rds: RDSClient, command: CreateDBInstanceCommand): Promise<void> {
  try {
    await whenAccepted(aws, 'RDS creates an instance', () => rds.send(command));
  } catch (error) {
    // Another run, or this one: RDS lists an instance some seconds late.
    if (!(error instanceof Error && error.name === 'DBInstanceAlreadyExistsFault')) throw error;
  }
}

function checkTime(source: DBCluster, at: Date): void {
  const { DBClusterIdentifier: name = '', EarliestRestorableTime: from, LatestRestorableTime: to } = source;
  if (!from || !to) throw failed(`RDS does not say to which time ${name} can be restored.`);
  requireWithin(name, { from, to }, at);
}

function restoreCommand({ source, target, at }: Restore): RestoreDBClusterToPointInTimeCommand {
  const { MinCapacity, MaxCapacity } = source.ServerlessV2ScalingConfiguration ?? {};
  // The source may itself be a restored one.
  const tags = source.TagList?.filter(({ Key }) => !Key?.startsWith('aws:') && Key !== RESTORED_TAG) ?? [];
  return new RestoreDBClusterToPointInTimeCommand({
    SourceDBClusterIdentifier: source.DBClusterIdentifier,
    DBClusterIdentifier: target,
    RestoreToTime: at,
    DBSubnetGroupName: source.DBSubnetGroup,
    VpcSecurityGroupIds: source.VpcSecurityGroups?.flatMap(({ VpcSecurityGroupId: id }) => id ?? []),
    DBClusterParameterGroupName: source.DBClusterParameterGroup,
    ServerlessV2ScalingConfiguration: { MinCapacity, MaxCapacity },
    EnableIAMDatabaseAuthentication: source.IAMDatabaseAuthenticationEnabled,
    EnableCloudwatchLogsExports: source.EnabledCloudwatchLogsExports,
    Port: source.Port,
    CopyTagsToSnapshot: true,
    DeletionProtection: true,
    Tags: [...tags, { Key: RESTORED_TAG, Value: at.toISOString() }],
  });
}

function instanceCommand({ Engine }: DBCluster, DBClusterIdentifier: string, name: string, PromotionTier: number) {
  return new CreateDBInstanceCommand({
    DBClusterIdentifier,
    DBInstanceIdentifier: name,
    DBInstanceClass: 'db.serverless',
    Engine,
    PromotionTier,
    PubliclyAccessible: false,
    EnablePerformanceInsights: true,
  });
}

/** The cluster has the owner's password of that time, and the secret may have been rotated since. */
async function setPassword(
  aws: AwsSession,
  rds: RDSClient,
  { source, target, ownerSecretArn }: Restore,
): Promise<void> {
  const MasterUserPassword = await readOwnerPassword(aws.client(SecretsManagerClient), ownerSecretArn);
  const { BackupRetentionPeriod } = source;
  const change = new ModifyDBClusterCommand({
    DBClusterIdentifier: target,
    MasterUserPassword,
    BackupRetentionPeriod,
    ApplyImmediately: true,
  });
  await whenAccepted(aws, `${target} has the owner’s password`, () => rds.send(change));
}
