import {
  DescribeGlobalClustersCommand,
  FailoverGlobalClusterCommand,
  ModifyDBClusterCommand,
  RDSClient,
  SwitchoverGlobalClusterCommand,
} from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { refused } from '../../cli/errors.ts';
import { type AwsSession, waitUntil } from '../aws-command.ts';
import { whenAccepted } from '../clusters.ts';
import { readOwnerPassword } from '../owner-password.ts';

const GLOBAL_NAME = 'cruddur-messages';

/** AWS promises a switchover within minutes; a failover with loss of data is faster. */
const MINUTES = 30;

/** A cluster in each of two regions. */
export interface GlobalDatabase {
  /** Of the cluster that is to write. */
  clusterArn: string;
  otherRegion: string;
  isWriter: boolean;
  /** `available`, if nothing is under way. */
  status: string;
}

/** Finds the global database by its part in a region. @throws {CommandError} if there is none, or no part there */
export async function findGlobalDatabase(aws: AwsSession, to: string): Promise<GlobalDatabase> {
  const { GlobalClusters = [] } = await aws
    .client(RDSClient, to)
    .send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: GLOBAL_NAME }))
    .catch((cause: unknown) => {
      const isMissing = cause instanceof Error && cause.name === 'GlobalClusterNotFoundFault';
      throw isMissing ? refused('There is no second region: set replicaRegion (docs/recovery.md).', { cause }) : cause;
    });
  const { GlobalClusterMembers = [], Status = '', FailoverState } = GlobalClusters[0] ?? {};
  const members = GlobalClusterMembers.map(({ DBClusterArn = '', IsWriter = false }) => ({
    arn: DBClusterArn,
    region: DBClusterArn.split(':')[3] ?? '',
    isWriter: IsWriter,
  }));
  const own = members.find(({ region }) => region === to);
  const other = members.find(({ region }) => region !== to);
  if (!own || !other) throw refused(`The global database has no cluster in ${to} and in another region.`);
  return {
    clusterArn: own.arn,
    otherRegion: other.region,
    isWriter: own.isWriter,
    status: FailoverState ? `${FailoverState.Status}` : Status,
  };
}

interface Promotion {
  database: GlobalDatabase;
  to: string;
  losesData: boolean;
  again: string;
}

/** Makes the cluster the writer, unless it is, or is becoming it. */
export async function promote(aws: AwsSession, { database, to, losesData, again }: Promotion): Promise<void> {
  const rds = aws.client(RDSClient, to);
  const target = { GlobalClusterIdentifier: GLOBAL_NAME, TargetDbClusterIdentifier: database.clusterArn };
  if (!database.isWriter && database.status === 'available') {
    await rds.send(
      losesData
        ? new FailoverGlobalClusterCommand({ ...target, AllowDataLoss: true })
        : new SwitchoverGlobalClusterCommand(target),
    );
  }
  await waitUntil(aws, { until: `PostgreSQL writes in ${to}`, minutes: MINUTES, again }, async (update) => {
    const { isWriter, status } = await findGlobalDatabase(aws, to);
    update(status);
    return isWriter && (losesData || status === 'available') ? true : undefined;
  });
}

interface Ownership {
  database: GlobalDatabase;
  to: string;
  secretArn: string;
  again: string;
}

/** Gives the owner the password of this region's secret: the cluster came with that of the other region. */
export async function takeOwnership(aws: AwsSession, { database, to, secretArn, again }: Ownership): Promise<void> {
  const MasterUserPassword = await readOwnerPassword(aws.client(SecretsManagerClient, to), secretArn);
  const rds = aws.client(RDSClient, to);
  const DBClusterIdentifier = database.clusterArn;
  const change = new ModifyDBClusterCommand({ DBClusterIdentifier, MasterUserPassword, ApplyImmediately: true });
  await whenAccepted(aws, 'the owner has the password of this region', () => rds.send(change), again);
}
