import { Duration, Names, RemovalPolicy } from 'aws-cdk-lib';
import { type IVpc, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  AuroraPostgresEngineVersion,
  CfnDBInstance,
  CfnDBSubnetGroup,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInsightsMode,
  DatabaseSecret,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { createLogGroup } from '../log-group.ts';
import { suppressNag } from '../nag.ts';
import { isStandby } from '../regions.ts';
import type { Settings } from '../settings.ts';
import { createDatabaseKey, joinGlobalDatabase } from './global-database.ts';

/** The migration creates this database. */
export const DATABASE_NAME = 'cruddur';

/** A fixed name makes an update that would replace the cluster fail, because the name is taken. */
const CLUSTER_NAME = 'cruddur-messages';

/**
 * Aurora PostgreSQL Serverless v2: a writer, and a reader in the other zone for failover.
 * Programs sign in by IAM (database-sign-in.ts), except for the migration: it reads the owner's secret, which is rotated, at each start.
 */
export class AuroraDatabase extends Construct {
  readonly cluster: DatabaseCluster;
  readonly logs: LogGroup;
  /** The name of the Lambda that rotates the owner's password; there is none on standby. */
  readonly ownerRotationFunction: string | undefined;
  readonly ownerSecret: DatabaseSecret;
  /** Members of this group may reach the database. */
  readonly clients: SecurityGroup;

  constructor(scope: Construct, id: string, props: { vpc: IVpc; settings: Settings }) {
    super(scope, id);
    const { vpc, settings } = props;
    this.ownerSecret = new DatabaseSecret(this, 'OwnerSecret', { username: 'cruddur_owner' });
    // Aurora would create the group itself, without retention.
    this.logs = createLogGroup(this, 'Logs', settings, `/aws/rds/cluster/${CLUSTER_NAME}/postgresql`);
    this.cluster = new DatabaseCluster(this, 'Cluster', {
      clusterIdentifier: CLUSTER_NAME,
      engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_18_4 }),
      credentials: Credentials.fromSecret(this.ownerSecret),
      writer: ClusterInstance.serverlessV2('writer', { enablePerformanceInsights: true }),
      readers: [ClusterInstance.serverlessV2('reader', { enablePerformanceInsights: true, scaleWithWriter: true })],
      serverlessV2MinCapacity: settings.databaseAcuMin,
      serverlessV2MaxCapacity: settings.databaseAcuMax,
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      storageEncryptionKey: createDatabaseKey(this, settings),
      iamAuthentication: true,
      parameters: { 'rds.force_ssl': '1' },
      backup: { retention: Duration.days(35) },
      copyTagsToSnapshot: true,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      cloudwatchLogsExports: ['postgresql'],
      databaseInsightsMode: DatabaseInsightsMode.STANDARD,
      enablePerformanceInsights: true,
    });
    this.cluster.node.addDependency(this.logs);
    joinGlobalDatabase(this, this.cluster, settings);
    this.clients = new SecurityGroup(this, 'Clients', {
      vpc,
      description: 'May reach the database',
      allowAllOutbound: false,
    });
    this.cluster.connections.allowDefaultPortFrom(this.clients);
    // On standby the database is read-only, so no password can change.
    if (!isStandby(settings)) this.ownerRotationFunction = this.rotate();
    suppressNag(this.cluster, {
      RDS11: 'The default port is fine: only one security group can reach the database, in isolated subnets.',
    });
    this.retain();
  }

  /** What the cluster cannot do without. The library does not pass this policy on to the cluster's parts. */
  private retain(): void {
    const parts = this.cluster.node
      .findAll()
      .filter((part) => part instanceof CfnDBInstance || part instanceof CfnDBSubnetGroup);
    for (const part of [...parts, this.ownerSecret]) {
      part.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    }
  }

  /** @returns the name of the function that rotates the owner's password */
  private rotate(): string {
    const rotation = this.cluster.addRotationSingleUser({
      automaticallyAfter: Duration.days(30),
      rotateImmediatelyOnUpdate: false,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    });
    // As the library names it.
    return Names.uniqueId(rotation).slice(-64);
  }
}
