import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IVpc, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInsightsMode,
  DatabaseSecret,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { accept } from '../accept.ts';
import { createLogGroup } from '../log-group.ts';
import type { Settings } from '../settings.ts';

/** The database's name within the cluster; the migration makes it. */
export const DATABASE_NAME = 'cruddur';

/** Whom the server signs in as, by turns with its clone; the migration makes it. */
export const SERVER_ROLE = 'cruddur_server';

/** A name of our own makes an update that would replace the cluster fail, since the name is taken. */
const CLUSTER_NAME = 'cruddur-messages';

const EVERY_MONTH = Duration.days(30);

/**
 * Aurora PostgreSQL Serverless v2: a writer, and a reader in the other zone that takes its place.
 *
 * Two secrets, both rotated. The owner's is read by the migration alone, anew at each start. The server's role alternates
 * between two users: what a running task was started with stays good until the rotation after the next one.
 */
export class Database extends Construct {
  readonly cluster: DatabaseCluster;
  readonly ownerSecret: DatabaseSecret;
  readonly serverSecret: DatabaseSecret;
  /** Whoever has this group may reach the database. */
  readonly clients: SecurityGroup;

  constructor(scope: Construct, id: string, props: { vpc: IVpc; settings: Settings }) {
    super(scope, id);
    const { vpc, settings } = props;
    this.ownerSecret = new DatabaseSecret(this, 'OwnerSecret', { username: 'cruddur_owner' });
    // Aurora would make the group itself, and keep what is in it for ever.
    const logs = createLogGroup(this, 'Logs', settings, `/aws/rds/cluster/${CLUSTER_NAME}/postgresql`);
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
      storageEncrypted: true,
      iamAuthentication: true,
      parameters: { 'rds.force_ssl': '1' },
      backup: { retention: Duration.days(35) },
      copyTagsToSnapshot: true,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      cloudwatchLogsExports: ['postgresql'],
      databaseInsightsMode: DatabaseInsightsMode.STANDARD,
      enablePerformanceInsights: true,
    });
    this.cluster.node.addDependency(logs);
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
    this.rotate(this.serverSecret.attach(this.cluster));
  }

  private rotate(serverSecret: ISecret): void {
    const options = {
      automaticallyAfter: EVERY_MONTH,
      // The first deployment's migration has still to make the role.
      rotateImmediatelyOnUpdate: false,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    };
    this.cluster.addRotationSingleUser(options);
    this.cluster.addRotationMultiUser('ServerRotation', { ...options, secret: serverSecret });
    accept(this.cluster, {
      RDS11: 'The port is no secret: the database is reachable from one security group, in subnets without a way out.',
    });
  }
}
