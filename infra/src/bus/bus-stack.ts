import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { type IVpc, Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { CfnReplicationGroup, CfnSubnetGroup, CfnUser, CfnUserGroup } from 'aws-cdk-lib/aws-elasticache';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { suppressNag } from '../nag.ts';
import type { Settings } from '../settings.ts';
import { BUS_RIGHTS, type BusProgram } from './bus-rights.ts';

/** Fixed, because the nodes' metrics are named after it. */
const CLUSTER_ID = 'cruddur-bus';
const PORT = 6379;

/**
 * Valkey, which carries live events with `bus=valkey` or `bus=both`: a cluster with a replica of each shard in another zone. It stores
 * nothing, so there are no snapshots, nothing is kept when the stack is deleted, and a node that is lost costs a catch-up.
 */
export class BusStack extends Stack {
  /** The ids of each shard's nodes. */
  readonly shards: string[][];
  /** Members of this group reach the cluster, and no one else. */
  readonly clients: SecurityGroup;
  private readonly secrets: Record<BusProgram, Secret>;
  private readonly address: string;

  constructor(scope: Construct, id: string, props: StackProps & { settings: Settings; vpc: IVpc }) {
    super(scope, id, props);
    const { settings, vpc } = props;
    this.shards = Array.from({ length: settings.valkeyShards }, (_, shard) =>
      // As ElastiCache names them.
      [1, 2].map((node) => `${CLUSTER_ID}-${String(shard + 1).padStart(4, '0')}-00${node}`),
    );
    this.clients = new SecurityGroup(this, 'Clients', {
      vpc,
      description: 'May reach the bus',
      allowAllOutbound: false,
    });
    const nodes = new SecurityGroup(this, 'Nodes', { vpc, description: 'The bus', allowAllOutbound: false });
    this.clients.connections.allowTo(nodes, Port.tcp(PORT), 'The bus');
    this.secrets = { api: this.password('Api'), stream: this.password('Stream') };
    const cluster = new CfnReplicationGroup(this, 'Cluster', {
      replicationGroupId: CLUSTER_ID,
      replicationGroupDescription: 'Carries live events of Cruddur Messages',
      engine: 'valkey',
      engineVersion: '8.1',
      cacheParameterGroupName: 'default.valkey8.cluster.on',
      clusterMode: 'enabled',
      cacheNodeType: settings.valkeyNodeType,
      numNodeGroups: settings.valkeyShards,
      replicasPerNodeGroup: 1,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      atRestEncryptionEnabled: true,
      port: PORT,
      cacheSubnetGroupName: new CfnSubnetGroup(this, 'Subnets', {
        description: 'The isolated subnets',
        subnetIds: vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_ISOLATED }).subnetIds,
      }).ref,
      securityGroupIds: [nodes.securityGroupId],
      userGroupIds: [this.users()],
      snapshotRetentionLimit: 0,
      autoMinorVersionUpgrade: true,
      // In UTC: night in America.
      preferredMaintenanceWindow: 'sun:08:00-sun:09:00',
    });
    // Otherwise, another number of shards would be another cluster.
    cluster.cfnOptions.updatePolicy = { useOnlineResharding: true };
    this.address = cluster.attrConfigurationEndPointAddress;
    suppressNag(cluster, {
      AEC5: 'The default port is fine: only one security group can reach the cluster, in isolated subnets.',
      AEC6: 'Users with passwords and rights instead of one token for everything.',
    });
    new CfnOutput(this, 'BusClusterId', { value: cluster.ref });
    for (const [program, { secretArn }] of Object.entries(this.secrets)) {
      new CfnOutput(this, `${program === 'api' ? 'Api' : 'Stream'}SecretArn`, { value: secretArn });
    }
  }

  /** Where a program signs in, and the secret with its password. */
  connectionOf(program: BusProgram): { url: string; secret: Secret } {
    return { url: `rediss://${program}@${this.address}:${PORT}`, secret: this.secrets[program] };
  }

  private password(id: string): Secret {
    const secret = new Secret(this, `${id}Secret`, {
      description: 'Password at the bus',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    suppressNag(secret, { SMG4: 'It protects what is in transit, and is rotated by hand (docs/recovery.md).' });
    return secret;
  }

  /** @returns the id of the group with the two programs, and with a default user as which no one can sign in */
  private users(): string {
    const passwords = { ...this.secrets, default: this.secrets.api };
    const users = Object.entries(BUS_RIGHTS).map(
      ([userName, accessString]) =>
        new CfnUser(this, `${userName}User`, {
          userId: `${CLUSTER_ID}-${userName}`,
          userName,
          engine: 'valkey',
          accessString,
          // Valkey's users must have one, also those who are off.
          passwords: [passwords[userName as keyof typeof passwords].secretValue.unsafeUnwrap()],
        }),
    );
    const group = new CfnUserGroup(this, 'Users', {
      userGroupId: CLUSTER_ID,
      engine: 'valkey',
      userIds: users.map(({ ref }) => ref),
    });
    return group.ref;
  }
}
