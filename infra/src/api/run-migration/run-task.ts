import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTasksCommand, type ECSClient, RunTaskCommand, type Task } from '@aws-sdk/client-ecs';
import type { MigrationTask } from './env.ts';

/** A migration that did not come to its good end; the deployment is rolled back with these words. */
class MigrationFailedError extends Error {
  override name = 'MigrationFailedError';
}

/**
 * Runs the migration as a task of its own, and waits for its end.
 *
 * @throws {MigrationFailedError} where it could not start, or ended with another exit code than 0
 */
export async function runTask(
  ecs: Pick<ECSClient, 'send'>,
  {
    CLUSTER: cluster,
    TASK_DEFINITION: taskDefinition,
    SUBNETS: subnets,
    SECURITY_GROUPS: securityGroups,
  }: MigrationTask,
  pollMs = 3000,
): Promise<void> {
  const { tasks = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups, assignPublicIp: 'DISABLED' } },
    }),
  );
  const taskArn = tasks[0]?.taskArn;
  if (taskArn === undefined) throw new MigrationFailedError(`it did not start: ${JSON.stringify(failures)}`);
  let task: Task | undefined;
  while (task?.lastStatus !== 'STOPPED') {
    await sleep(pollMs);
    task = (await ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }))).tasks?.[0];
  }
  const exitCode = task.containers?.[0]?.exitCode;
  if (exitCode !== 0) {
    throw new MigrationFailedError(`${taskArn} ended with ${exitCode ?? 'no exit code'}: ${task.stoppedReason ?? ''}`);
  }
}
