import {
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  ModifyDBClusterCommand,
  paginateDescribeDBInstances,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { type AwsSession, waitUntil } from './aws-command.ts';

/** Describes an Aurora cluster; undefined if there is none of this name. */
export async function findCluster(rds: RDSClient, name: string): Promise<DBCluster | undefined> {
  try {
    return (await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }))).DBClusters?.[0];
  } catch (error) {
    if (error instanceof Error && error.name === 'DBClusterNotFoundFault') return undefined;
    throw error;
  }
}

export async function listInstances(rds: RDSClient, cluster: string): Promise<DBInstance[]> {
  const instances: DBInstance[] = [];
  const Filters = [{ Name: 'db-cluster-id', Values: [cluster] }];
  for await (const { DBInstances = [] } of paginateDescribeDBInstances({ client: rds }, { Filters })) {
    instances.push(...DBInstances);
  }
  return instances;
}

/** Waits until cluster and instances are available. @returns the cluster */
export async function waitForCluster(
  aws: AwsSession,
  rds: RDSClient,
  { name, minutes }: { name: string; minutes: number },
): Promise<DBCluster> {
  return await waitUntil(aws, { until: `${name} is available`, minutes, pollMs: 15_000 }, async (update) => {
    const cluster = await findCluster(rds, name);
    const instances = cluster ? await listInstances(rds, name) : [];
    const states = [cluster?.Status ?? 'not yet visible', ...instances.map(({ DBInstanceStatus }) => DBInstanceStatus)];
    update(states.join(', '));
    return states.every((state) => state === 'available') ? cluster : undefined;
  });
}

/** Renames a cluster and waits until it has the new name. The names of its instances stay. */
export async function renameCluster(aws: AwsSession, rds: RDSClient, from: string, to: string): Promise<void> {
  await rds.send(
    new ModifyDBClusterCommand({ DBClusterIdentifier: from, NewDBClusterIdentifier: to, ApplyImmediately: true }),
  );
  aws.out.say(`${from} is renamed to ${to}.`);
  await waitForCluster(aws, rds, { name: to, minutes: 30 });
}
