import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTasksCommand, ECSClient, RunTaskCommand, type Task } from '@aws-sdk/client-ecs';
import { type MigrationTask, readMigrationEnv } from './env.ts';

/** Called by CloudFormation before it updates the service; an error rolls the deployment back. */
export const handler = (): Promise<void> => runTask(new ECSClient({}), readMigrationEnv());

/** Runs the migration task until it stops. @throws Error if it cannot start or does not exit with 0 */
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
  if (taskArn === undefined) throw new Error(`The migration did not start: ${JSON.stringify(failures)}`);
  let task: Task | undefined;
  while (task?.lastStatus !== 'STOPPED') {
    await sleep(pollMs);
    task = (await ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }))).tasks?.[0];
  }
  const exitCode = task.containers?.[0]?.exitCode;
  if (exitCode !== 0) {
    throw new Error(`${taskArn} exited with ${exitCode ?? 'no exit code'}: ${task.stoppedReason ?? ''}`);
  }
}
