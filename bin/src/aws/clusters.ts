import {
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  ModifyDBClusterCommand,
  paginateDescribeDBInstances,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { failed } from '../cli/errors.ts';
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

/** From these states no cluster or instance becomes available by itself. */
const ENDED = /^(deleting|failed|stopp(ing|ed)|.*-failed|restore-error|incompatible-.*|inaccessible-.*)$/;

interface ClusterWait {
  name: string;
  minutes: number;
  /** How many there must be: RDS lists new ones some seconds late. */
  instances?: number;
  again?: string | undefined;
}

/**
 * Waits until cluster and instances are available.
 *
 * @returns the cluster
 * @throws {CommandError} if one is in a state that does not end by itself
 */
export async function waitForCluster(aws: AwsSession, rds: RDSClient, wait: ClusterWait): Promise<DBCluster> {
  const { name, minutes, instances: needed = 0, again } = wait;
  const settings = { until: `${name} is available`, minutes, pollMs: 15_000, ...(again !== undefined && { again }) };
  return await waitUntil(aws, settings, async (update) => {
    const cluster = await findCluster(rds, name);
    const instances = cluster ? await listInstances(rds, name) : [];
    const states = [cluster?.Status ?? 'not yet visible', ...instances.map(({ DBInstanceStatus }) => DBInstanceStatus)];
    update(states.join(', '));
    const ended = states.find((state) => state !== undefined && ENDED.test(state));
    if (ended !== undefined) throw failed(`${name} does not become available: RDS says ${states.join(', ')}.`);
    return instances.length >= needed && states.every((state) => state === 'available') ? cluster : undefined;
  });
}

/** RDS is still busy with the change before, or has not yet given up a name. */
const BUSY = ['InvalidDBClusterStateFault', 'InvalidDBInstanceStateFault', 'DBClusterAlreadyExistsFault'];

/** Asks for a change until RDS accepts it: a cluster can be `available` a moment before, and after, it changes. */
export async function whenAccepted<T>(
  aws: AwsSession,
  until: string,
  change: () => Promise<T>,
  again?: string,
): Promise<T> {
  const settings = { until, minutes: 30, pollMs: 15_000, ...(again !== undefined && { again }) };
  return await waitUntil(aws, settings, async () => {
    try {
      return await change();
    } catch (error) {
      if (error instanceof Error && BUSY.includes(error.name)) return undefined;
      throw error;
    }
  });
}

/**
 * Renames a cluster and waits until it has the new name, whatever its state: a broken one must get out of the way, too. The names of
 * its instances stay.
 */
export async function renameCluster(
  aws: AwsSession,
  rds: RDSClient,
  { from, to, again }: { from: string; to: string; again: string },
): Promise<void> {
  const rename = { DBClusterIdentifier: from, NewDBClusterIdentifier: to, ApplyImmediately: true };
  await whenAccepted(aws, `RDS renames ${from}`, () => rds.send(new ModifyDBClusterCommand(rename)), again);
  aws.out.say(`${from} is renamed to ${to}.`);
  const settings = { until: `${from} has the name ${to}`, minutes: 30, again };
  await waitUntil(aws, settings, () => findCluster(rds, to));
}
