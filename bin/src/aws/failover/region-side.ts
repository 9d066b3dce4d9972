import { ApplicationAutoScalingClient, RegisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { GetEventSourceMappingCommand, LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { type AwsSession, waitUntil } from '../aws-command.ts';
import { describeService } from '../revisions.ts';
import { findStack, readOutputs, requireOutputs } from '../stack-outputs.ts';

/** What serves people in one region, and moves rows there. */
export interface RegionSide {
  region: string;
  /** The mappings of the stream's two Lambdas. */
  mappings: readonly string[];
  cluster: string;
  service: string;
  tasks: { min: number; max: number };
  ownerSecretArn: string;
  distributionId: string;
}

/** @throws {CommandError} if the region has no deployment */
export async function readSide(aws: AwsSession, region: string): Promise<RegionSide> {
  const cloudFormation = aws.client(CloudFormationClient, region);
  const stream = await requireOutputs(cloudFormation, 'CruddurStream', ['StreamMappingId']);
  const index = await requireOutputs(cloudFormation, 'CruddurIndex', ['IndexMappingId']);
  const api = await requireOutputs(cloudFormation, 'CruddurApi', [
    'ClusterName',
    'ServiceName',
    'TasksMin',
    'TasksMax',
  ]);
  const data = await requireOutputs(cloudFormation, 'CruddurData', ['DatabaseOwnerSecretArn']);
  // The second region's stack has another name, because names of CloudFront's resources are the account's.
  const webStack = (await findStack(cloudFormation, 'CruddurWebReplica')) ? 'CruddurWebReplica' : 'CruddurWeb';
  const web = await readOutputs(cloudFormation, webStack);
  return {
    region,
    mappings: [stream.StreamMappingId, index.IndexMappingId],
    cluster: api.ClusterName,
    service: api.ServiceName,
    tasks: { min: Number(api.TasksMin), max: Number(api.TasksMax) },
    ownerSecretArn: data.DatabaseOwnerSecretArn,
    distributionId: web.DistributionId ?? '<the distribution of that region>',
  };
}

/** Describes what still runs in a region; empty if nothing does. */
export async function describeActivity(aws: AwsSession, side: RegionSide): Promise<string[]> {
  const lambda = aws.client(LambdaClient, side.region);
  const active: string[] = [];
  for (const UUID of side.mappings) {
    const { State } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
    if (State !== 'Disabled') active.push(`the mapping ${UUID} is ${State}`);
  }
  const { runningCount = 0 } = await describeService(aws.client(ECSClient, side.region), side.cluster, side.service);
  if (runningCount > 0) active.push(`${runningCount} tasks run`);
  return active;
}

/** Ends all tasks, so that no one writes, then disables the mappings, and waits until both have stopped. */
export async function stopSide(aws: AwsSession, side: RegionSide): Promise<void> {
  await scale(aws, side, { min: 0, max: 0 });
  await switchMappings(aws, side, false);
  await waitUntil(aws, { until: `nothing works in ${side.region}`, minutes: 15 }, async (update) => {
    const activity = await describeActivity(aws, side);
    update(activity.join(', '));
    return activity.length === 0 ? true : undefined;
  });
}

/**
 * Starts mappings and tasks, and waits until both work. The mappings start with the last day: rows that the other region has
 * moved stay, and the others are moved now.
 */
export async function startSide(aws: AwsSession, side: RegionSide, again: string): Promise<void> {
  await switchMappings(aws, side, true);
  await scale(aws, side, side.tasks);
  const lambda = aws.client(LambdaClient, side.region);
  const ecs = aws.client(ECSClient, side.region);
  await waitUntil(aws, { until: `${side.region} serves`, minutes: 15, again }, async (update) => {
    const mappings = await Promise.all(
      side.mappings.map((UUID) => lambda.send(new GetEventSourceMappingCommand({ UUID }))),
    );
    const { deployments = [], runningCount = 0 } = await describeService(ecs, side.cluster, side.service);
    const enabled = mappings.filter(({ State }) => State === 'Enabled').length;
    update(`${enabled} of ${mappings.length} mappings, ${runningCount} of ${side.tasks.min} tasks`);
    // ECS completes a deployment when the balancer finds its tasks healthy.
    const isHealthy = deployments.every(({ rolloutState }) => rolloutState === 'COMPLETED');
    return enabled === mappings.length && runningCount >= side.tasks.min && isHealthy ? true : undefined;
  });
}

async function switchMappings(aws: AwsSession, { region, mappings }: RegionSide, Enabled: boolean): Promise<void> {
  const lambda = aws.client(LambdaClient, region);
  const done = Enabled ? ['Enabled', 'Enabling'] : ['Disabled', 'Disabling'];
  for (const UUID of mappings) {
    const { State = '' } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
    if (!done.includes(State)) await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  }
}

/** Sets the limits of the scaling and the number of tasks: limits do not start a task in a service that has none. */
async function scale(aws: AwsSession, side: RegionSide, { min, max }: RegionSide['tasks']): Promise<void> {
  const { region, cluster, service } = side;
  const target = {
    ServiceNamespace: 'ecs',
    ResourceId: `service/${cluster}/${service}`,
    ScalableDimension: 'ecs:service:DesiredCount',
    MinCapacity: min,
    MaxCapacity: max,
  } as const;
  await aws.client(ApplicationAutoScalingClient, region).send(new RegisterScalableTargetCommand(target));
  const ecs = aws.client(ECSClient, region);
  const { desiredCount = 0 } = await describeService(ecs, cluster, service);
  if (desiredCount < min || desiredCount > max) {
    // A new deployment, which ends when its tasks are healthy.
    await ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: min, forceNewDeployment: min > 0 }));
  }
}
