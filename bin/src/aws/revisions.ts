import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  paginateListTaskDefinitions,
  type Service,
} from '@aws-sdk/client-ecs';
import { failed, refused } from '../cli/errors.ts';

/** A revision of the server's task definition: one image with its settings. */
export interface Revision {
  arn: string;
  family: string;
  number: number;
  image: string;
  registered: string;
}

/** `…:task-definition/family:12` */
export function parseRevision(arn: string): Pick<Revision, 'family' | 'number'> {
  const [, family = '', number] = /:task-definition\/([^:]+):(\d+)$/.exec(arn) ?? [];
  return { family, number: Number(number) };
}

export async function describeService(ecs: ECSClient, cluster: string, service: string): Promise<Service> {
  const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
  if (!services[0]) throw failed(`ECS has no service ${service} in the cluster ${cluster}.`);
  return services[0];
}

/**
 * Finds the revision to return to.
 *
 * @param to - its number; by default the newest one before the current one that can still be started
 * @throws {CommandError} if there is none, or if it was deregistered
 */
export async function findRevision(ecs: ECSClient, currentArn: string, to: number | undefined): Promise<Revision> {
  const current = parseRevision(currentArn);
  const number = to ?? (await findPrevious(ecs, current));
  if (number === undefined) {
    throw refused(
      `There is no earlier revision of ${current.family} that can be started. Check out the former release and run bin/aws/deploy.`,
    );
  }
  return await readRevision(ecs, `${current.family}:${number}`);
}

async function findPrevious(ecs: ECSClient, current: Pick<Revision, 'family' | 'number'>): Promise<number | undefined> {
  const query = { familyPrefix: current.family, status: 'ACTIVE', sort: 'DESC' } as const;
  for await (const { taskDefinitionArns = [] } of paginateListTaskDefinitions({ client: ecs }, query)) {
    const before = taskDefinitionArns.map((arn) => parseRevision(arn).number).find((number) => number < current.number);
    if (before !== undefined) return before;
  }
  return undefined;
}

async function readRevision(ecs: ECSClient, name: string): Promise<Revision> {
  const { taskDefinition } = await ecs
    .send(new DescribeTaskDefinitionCommand({ taskDefinition: name }))
    .catch((cause: unknown) => {
      const isMissing = cause instanceof Error && cause.name === 'ClientException';
      throw isMissing ? refused(`There is no revision ${name}.`, { cause }) : cause;
    });
  const { taskDefinitionArn: arn = '', status, containerDefinitions = [], registeredAt } = taskDefinition ?? {};
  // ECS starts no tasks of it: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
  if (status !== 'ACTIVE') throw refused(`The revision ${name} was deregistered (${status}), so ECS cannot start it.`);
  const image = containerDefinitions.find((container) => container.essential !== false)?.image ?? 'unknown';
  return { ...parseRevision(arn), arn, image, registered: registeredAt?.toISOString() ?? 'unknown' };
}
