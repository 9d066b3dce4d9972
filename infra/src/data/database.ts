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
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { createLogGroup } from '../log-group.ts';
import { suppressNag } from '../nag.ts';
import { isStandby } from '../regions.ts';
import type { Settings } from '../settings.ts';
import { createDatabaseKey, joinGlobalDatabase } from './global-database.ts';

/** The migration creates this database. */
export const DATABASE_NAME = 'cruddur';

/** The server's role, which alternates with its clone. The migration creates it. */
export const SERVER_ROLE = 'cruddur_server';

/** A fixed name makes an update that would replace the cluster fail, because the name is taken. */
const CLUSTER_NAME = 'cruddur-messages';

/**
 * Aurora PostgreSQL Serverless v2: a writer, and a reader in the other zone for failover.
 * Both secrets are rotated. Only the migration reads the owner's, at each start. The server's secret alternates between
 * two users, so the password of a running task stays valid until the rotation after the next one.
 */
export class AuroraDatabase extends Construct {
  readonly cluster: DatabaseCluster;
  readonly logs: LogGroup;
  /** The name of the Lambda that rotates the owner's password; there is none on standby. */
  readonly ownerRotationFunction: string | undefined;
  readonly ownerSecret: DatabaseSecret;
  readonly serverSecret: DatabaseSecret;
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
    this.serverSecret = new DatabaseSecret(this, 'ServerSecret', {
      username: SERVER_ROLE,
      masterSecret: this.ownerSecret,
    });
    const serverSecret = this.serverSecret.attach(this.cluster);
    // On standby the database is read-only, so no password can change.
    if (!isStandby(settings)) this.ownerRotationFunction = this.rotate(serverSecret);
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
    for (const part of [...parts, this.ownerSecret, this.serverSecret]) {
      part.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    }
  }

  /** @returns the name of the function that rotates the owner's password */
  private rotate(serverSecret: ISecret): string {
    const options = {
      automaticallyAfter: Duration.days(30),
      // In the first deployment the role does not exist before the migration.
      rotateImmediatelyOnUpdate: false,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    };
    const ofOwner = this.cluster.addRotationSingleUser(options);
    this.cluster.addRotationMultiUser('ServerRotation', { ...options, secret: serverSecret });
    // As the library names it.
    return Names.uniqueId(ofOwner).slice(-64);
  }
}
