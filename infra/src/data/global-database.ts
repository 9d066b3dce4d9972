import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type CfnDBCluster, CfnGlobalCluster, type DatabaseCluster } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { isReplicaRegion } from '../regions.ts';
import type { Settings } from '../settings.ts';
import { accountOf, shareForCopies } from '../share-key.ts';

/** The name of Aurora's global database: a cluster in each region, one of which writes. */
const GLOBAL_NAME = 'cruddur-messages';

/** An alias that `policies/service-control-policy.json` protects. */
const KEY_ALIAS = 'alias/cruddur-database';

/**
 * The key of the cluster's storage. With AWS's own key (`aws/rds`) no backup could be copied to another account, and the key of a
 * cluster cannot be changed.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
 */
export function createDatabaseKey(scope: Construct, settings: Settings): Key {
  const key = new Key(scope, 'Key', {
    alias: KEY_ALIAS,
    description: 'The storage of Cruddur Messages in PostgreSQL, and its backups',
    enableKeyRotation: true,
    pendingWindow: Duration.days(30),
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  const { backupVaultArn } = settings;
  // As RDS asks for in its guide to shared snapshots.
  const grantActions = ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'];
  if (backupVaultArn) shareForCopies(key, accountOf(backupVaultArn), grantActions);
  return key;
}

/**
 * Makes the cluster a part of the global database: in the home region its first cluster, in the replica region a secondary one, whose
 * data and users come from the first. `bin/aws/failover` promotes it, and sets its owner's password to that of its region's secret.
 */
export function joinGlobalDatabase(scope: Construct, cluster: DatabaseCluster, settings: Settings): void {
  if (isReplicaRegion(settings)) {
    const resource = cluster.node.defaultChild as CfnDBCluster;
    resource.globalClusterIdentifier = GLOBAL_NAME;
    // A secondary cluster cannot have them. Adding the name later would replace the cluster.
    resource.masterUsername = undefined;
    resource.masterUserPassword = undefined;
  } else if (settings.replicaRegion) {
    const global = new CfnGlobalCluster(scope, 'Global', {
      globalClusterIdentifier: GLOBAL_NAME,
      sourceDbClusterIdentifier: cluster.clusterArn,
      deletionProtection: true,
    });
    global.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  }
}
