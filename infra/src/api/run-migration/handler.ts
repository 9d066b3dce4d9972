import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTasksCommand, ECSClient, RunTaskCommand, StopTaskCommand, type Task } from '@aws-sdk/client-ecs';
import { type MigrationTask, readMigrationEnv } from './env.ts';

type Ecs = Pick<ECSClient, 'send'>;

/** In milliseconds. Lambda ends a function after 15 minutes, and the task would go on. */
const TIMES = { poll: 3000, firstRetry: 5000, giveUp: 14 * 60_000 };
/** How often a task is started that ends before its container runs. */
const STARTS_MAX = 5;

/** Called by CloudFormation before it updates the service; an error rolls the deployment back. */
export const handler = (): Promise<void> => runTask(new ECSClient({}), readMigrationEnv());

/**
 * Runs the migration task until it stops. Starts it again if its container has not run: without capacity, address, image or
 * secret, which is often over within a minute. A migration that has run is never repeated.
 *
 * @throws Error if it cannot start, does not exit with 0, or takes longer than 14 minutes: it is stopped then
 */
export async function runTask(ecs: Ecs, task: MigrationTask, times: Partial<typeof TIMES> = {}): Promise<void> {
  const { poll, firstRetry, giveUp } = { ...TIMES, ...times };
  const deadline = Date.now() + giveUp;
  for (let start = 1; ; start++) {
    const { failure, hasRun } = await runOnce(ecs, task, { poll, deadline });
    if (failure === undefined) return;
    const pause = firstRetry * 2 ** (start - 1);
    if (hasRun || start === STARTS_MAX || Date.now() + pause > deadline) throw new Error(failure);
    console.warn(`Attempt ${start}: ${failure}`);
    await sleep(pause);
  }
}

interface Outcome {
  failure?: string;
  /** Whether the migration may have begun. */
  hasRun?: boolean;
}

async function runOnce(ecs: Ecs, task: MigrationTask, times: { poll: number; deadline: number }): Promise<Outcome> {
  const { CLUSTER: cluster, TASK_DEFINITION: taskDefinition, SUBNETS: subnets, SECURITY_GROUPS: securityGroups } = task;
  const { tasks = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups, assignPublicIp: 'DISABLED' } },
    }),
  );
  const taskArn = tasks[0]?.taskArn;
  if (taskArn === undefined) return { failure: `The migration did not start: ${JSON.stringify(failures)}` };
  const stopped = await waitUntilStopped(ecs, { cluster, taskArn }, times);
  const exitCode = stopped.containers?.[0]?.exitCode;
  if (exitCode === 0) return {};
  const failure = `${taskArn} exited with ${exitCode ?? 'no exit code'}: ${stopped.stoppedReason ?? ''}`;
  // ECS's code for a task whose containers never ran, for example for a ResourceInitializationError.
  return { failure, hasRun: stopped.stopCode !== 'TaskFailedToStart' || exitCode !== undefined };
}

async function waitUntilStopped(
  ecs: Ecs,
  { cluster, taskArn }: { cluster: string; taskArn: string },
  { poll, deadline }: { poll: number; deadline: number },
): Promise<Task> {
  while (Date.now() < deadline) {
    await sleep(poll);
    const task = (await ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }))).tasks?.[0];
    if (task?.lastStatus === 'STOPPED') return task;
  }
  const reason = 'The migration took longer than its deployment waits';
  await ecs.send(new StopTaskCommand({ cluster, task: taskArn, reason }));
  throw new Error(
    `${reason}: ${taskArn} was stopped. What it had not committed is undone; its log shows how far it came.`,
  );
}
