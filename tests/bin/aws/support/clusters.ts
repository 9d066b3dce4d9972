import { RDSClient } from '@aws-sdk/client-rds';
import { awsError, type startStandIns } from './stand-ins.ts';

interface ClusterState {
  DBClusterIdentifier: string;
  Status: string;
  TagList: { Key: string; Value: string }[];
  Endpoint: string;
  password: string;
  [property: string]: unknown;
}

interface InstanceState {
  DBInstanceIdentifier: string;
  DBClusterIdentifier: string;
  DBInstanceStatus: string;
  [property: string]: unknown;
}

/** Of the cluster that the stack has created. */
export const SETTINGS = {
  DBSubnetGroup: 'the-subnets',
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-database' }],
  DBClusterParameterGroup: 'forces-ssl',
  ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 16, SecondsUntilAutoPause: 0 },
  IAMDatabaseAuthenticationEnabled: true,
  EnabledCloudwatchLogsExports: ['postgresql'],
  Engine: 'aurora-postgresql',
  Port: 5432,
  BackupRetentionPeriod: 35,
  EarliestRestorableTime: new Date('2026-10-23T09:00:00Z'),
  LatestRestorableTime: new Date('2026-11-27T08:55:00Z'),
};

const hostOf = (name: string) => `${name}.cluster-abc.ca-central-1.rds.amazonaws.com`;

/**
 * Aurora's clusters. What is being changed is available once it has been described; a new instance is listed one question late, and a
 * renamed cluster is found under its name only until somebody has asked for the new one.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterToPointInTime.html: "This action only restores
 * the DB cluster, not the DB instances for that DB cluster", in the default security group unless another one is named.
 */
export function serveClusters(aws: ReturnType<typeof startStandIns>, name: string) {
  const clusters: ClusterState[] = [
    {
      ...SETTINGS,
      DBClusterIdentifier: name,
      Status: 'available',
      TagList: [
        { Key: 'aws:cloudformation:stack-name', Value: 'CruddurData' },
        { Key: 'stage', Value: 'production' },
      ],
      Endpoint: hostOf(name),
      password: 'of-today',
    },
  ];
  const instances: InstanceState[] = ['writer', 'reader'].map((role) => ({
    DBInstanceIdentifier: `cruddurdata-${role}`,
    DBClusterIdentifier: name,
    DBInstanceStatus: 'available',
  }));
  /** What RDS answers to the next changes, one each; undefined: it accepts. */
  const refusals: (Error | undefined)[] = [];
  const accept = () => {
    const refusal = refusals.shift();
    if (refusal) throw refusal;
  };
  const find = (id: string): ClusterState => {
    const cluster = clusters.find((one) => one.DBClusterIdentifier === id);
    if (!cluster) throw awsError('DBClusterNotFoundFault', `DBCluster ${id} not found.`, 404);
    return cluster;
  };
  const findAvailable = (id: string): ClusterState => {
    const cluster = find(id);
    if (cluster.Status === 'available') return cluster;
    throw awsError('InvalidDBClusterStateFault', `Cluster ${id} is not in available state.`);
  };
  function completeRenames(): void {
    for (const cluster of clusters) {
      const { DBClusterIdentifier: id, newId } = cluster;
      if (typeof newId !== 'string') continue;
      for (const one of instances) if (one.DBClusterIdentifier === id) one.DBClusterIdentifier = newId;
      Object.assign(cluster, { DBClusterIdentifier: newId, newId: undefined, Endpoint: hostOf(newId) });
    }
  }
  const requireFree = (id: string) => {
    if (clusters.some((one) => one.DBClusterIdentifier === id)) {
      throw awsError('DBClusterAlreadyExistsFault', `DB Cluster ${id} already exists.`);
    }
  };
  aws.serve(RDSClient, {
    DescribeDBClusters({ DBClusterIdentifier }: { DBClusterIdentifier: string }) {
      const cluster = clusters.find((one) => one.DBClusterIdentifier === DBClusterIdentifier);
      if (!cluster) completeRenames();
      if (!cluster) throw awsError('DBClusterNotFoundFault', `DBCluster ${DBClusterIdentifier} not found.`, 404);
      const DBClusters = [structuredClone(cluster)];
      cluster.Status = 'available';
      return { DBClusters };
    },
    DescribeDBInstances({ Filters }: { Filters: { Values: string[] }[] }) {
      const found = instances.filter((one) => one.DBClusterIdentifier === Filters[0]?.Values[0]);
      const DBInstances = structuredClone(found.filter((one) => one.DBInstanceStatus !== 'not yet listed'));
      const next = new Map([
        ['not yet listed', 'creating'],
        ['creating', 'available'],
      ]);
      for (const one of found) one.DBInstanceStatus = next.get(one.DBInstanceStatus) ?? one.DBInstanceStatus;
      return { DBInstances };
    },
    RestoreDBClusterToPointInTime(input: Record<string, unknown> & { DBClusterIdentifier: string; Tags: [] }) {
      find(String(input.SourceDBClusterIdentifier));
      requireFree(input.DBClusterIdentifier);
      if (input.Tags.some(({ Key }: { Key: string }) => Key.startsWith('aws:'))) {
        throw awsError('InvalidParameterValue', 'aws: prefixed tag key names are not allowed for external use.');
      }
      const keys = input.Tags.map(({ Key }: { Key: string }) => Key);
      if (new Set(keys).size < keys.length) throw awsError('InvalidParameterValue', 'Duplicate tag keys found.');
      clusters.push({
        ...SETTINGS,
        ...input,
        Status: 'creating',
        TagList: input.Tags,
        Endpoint: hostOf(input.DBClusterIdentifier),
        password: 'of-that-time',
      });
      return {};
    },
    CreateDBInstance(input: Record<string, unknown> & { DBClusterIdentifier: string; DBInstanceIdentifier: string }) {
      accept();
      findAvailable(input.DBClusterIdentifier);
      if (instances.some((one) => one.DBInstanceIdentifier === input.DBInstanceIdentifier)) {
        throw awsError('DBInstanceAlreadyExistsFault', `DB instance ${input.DBInstanceIdentifier} already exists.`);
      }
      instances.push({ ...input, DBInstanceStatus: 'not yet listed' });
      return {};
    },
    ModifyDBCluster(input: {
      DBClusterIdentifier: string;
      NewDBClusterIdentifier?: string;
      MasterUserPassword?: string;
      BackupRetentionPeriod?: number;
    }) {
      const {
        DBClusterIdentifier: id,
        NewDBClusterIdentifier: newId,
        MasterUserPassword,
        BackupRetentionPeriod,
      } = input;
      accept();
      const cluster = newId ? find(id) : findAvailable(id);
      cluster.Status = 'modifying';
      if (MasterUserPassword) Object.assign(cluster, { password: MasterUserPassword, BackupRetentionPeriod });
      if (newId) {
        requireFree(newId);
        Object.assign(cluster, { newId, Status: 'renaming' });
      }
      return {};
    },
  });
  return { clusters, instances, find, refusals };
}
