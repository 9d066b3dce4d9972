import { ECSClient } from '@aws-sdk/client-ecs';
import { ACCOUNT, awsError, REGION, type startStandIns } from './stand-ins.ts';

export const CLUSTER = 'CruddurApi-Cluster';
export const SERVICE = 'CruddurApi-Service';

export const revisionArn = (number: number): string =>
  `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/CruddurApiServer:${number}`;

interface Deployment {
  status: 'PRIMARY' | 'ACTIVE';
  taskDefinition: string;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  runningCount: number;
  desiredCount: number;
}

/**
 * The API's service in ECS. A deployment starts one task each time that it is described, and is COMPLETED when all run.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function serveService(aws: ReturnType<typeof startStandIns>, options: { active: number[]; current: number }) {
  const deploy = (number: number): Deployment => ({
    status: 'PRIMARY',
    taskDefinition: revisionArn(number),
    rolloutState: 'IN_PROGRESS',
    runningCount: 0,
    desiredCount: 2,
  });
  const state = {
    active: options.active,
    current: options.current,
    deployments: [{ ...deploy(options.current), runningCount: 2, rolloutState: 'COMPLETED' } as Deployment],
    /** Revisions whose tasks do not become healthy. */
    unhealthy: [] as number[],
  };
  function advance(): void {
    const [primary] = state.deployments;
    if (primary?.rolloutState !== 'IN_PROGRESS') return;
    const isUnhealthy = state.unhealthy.some((number) => revisionArn(number) === primary.taskDefinition);
    if (isUnhealthy) {
      const former = state.deployments[1] as Deployment;
      state.deployments = [
        { ...former, status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
        { ...primary, status: 'ACTIVE', rolloutState: 'FAILED' },
      ];
    } else if (primary.runningCount < primary.desiredCount) primary.runningCount++;
    else {
      primary.rolloutState = 'COMPLETED';
      state.deployments = [primary];
    }
  }
  aws.serve(ECSClient, {
    DescribeServices() {
      const [primary] = state.deployments;
      const services = [
        {
          serviceName: SERVICE,
          taskDefinition: primary?.taskDefinition,
          deployments: structuredClone(state.deployments),
        },
      ];
      advance();
      return { services };
    },
    ListTaskDefinitions: ({ nextToken }: { nextToken?: string }) => {
      const arns = state.active.toSorted((a, b) => b - a).map(revisionArn);
      const at = Number(nextToken ?? 0);
      return {
        taskDefinitionArns: arns.slice(at, at + 2),
        nextToken: at + 2 < arns.length ? String(at + 2) : undefined,
      };
    },
    DescribeTaskDefinition({ taskDefinition }: { taskDefinition: string }) {
      const number = Number(taskDefinition.split(':').at(-1));
      if (number > state.current) throw awsError('ClientException', 'Unable to describe task definition.');
      return {
        taskDefinition: {
          taskDefinitionArn: revisionArn(number),
          status: state.active.includes(number) ? 'ACTIVE' : 'INACTIVE',
          registeredAt: new Date(Date.UTC(2026, 10, number)),
          containerDefinitions: [{ essential: true, image: `repository:image-${number}` }],
        },
      };
    },
    UpdateService({ taskDefinition }: { taskDefinition: string }) {
      const number = Number(taskDefinition.split(':').at(-1));
      const [former] = state.deployments;
      state.deployments = [deploy(number), { ...(former as Deployment), status: 'ACTIVE' }];
      return {};
    },
  });
  return state;
}
