import { type DescribeTasksCommand, type ECSClient, RunTaskCommand, type Task } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { readMigrationEnv } from './env.ts';
import { runTask } from './run-task.ts';

const task = readMigrationEnv({
  CLUSTER: 'cluster',
  TASK_DEFINITION: 'migration:7',
  SUBNETS: 'subnet-a,subnet-b',
  SECURITY_GROUPS: 'group-a',
});

/** Answers as ECS does: the task is started, and is in one state after the other each time that it is asked about. */
function ecsThat(started: { tasks?: Task[]; failures?: object[] }, states: Task[]) {
  const asked: unknown[] = [];
  const send = async (command: RunTaskCommand | DescribeTasksCommand) => {
    asked.push(command.input);
    return command instanceof RunTaskCommand ? started : { tasks: [states.shift()] };
  };
  return { ecs: { send } as unknown as Pick<ECSClient, 'send'>, asked };
}

const started = { tasks: [{ taskArn: 'task-1' }] };
const stopped = (exitCode?: number): Task => ({
  lastStatus: 'STOPPED',
  stoppedReason: 'Essential container exited',
  containers: [{ exitCode }],
});

describe('runTask', () => {
  it('runs the task in the private subnets, and waits for its end', async () => {
    const { ecs, asked } = ecsThat(started, [{ lastStatus: 'PENDING' }, { lastStatus: 'RUNNING' }, stopped(0)]);
    await runTask(ecs, task, 1);
    expect(asked[0]).toMatchObject({
      taskDefinition: 'migration:7',
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ['subnet-a', 'subnet-b'],
          securityGroups: ['group-a'],
          assignPublicIp: 'DISABLED',
        },
      },
    });
    expect(asked.slice(1)).toEqual(Array(3).fill({ cluster: 'cluster', tasks: ['task-1'] }));
  });

  it.each([
    ['another exit code', stopped(1), /task-1 ended with 1/],
    ['none, since it never ran', stopped(), /no exit code: Essential container exited/],
  ])('fails the deployment for %s', async (_, end, words) => {
    await expect(runTask(ecsThat(started, [end]).ecs, task, 1)).rejects.toThrow(words);
  });

  it('says why it did not start', async () => {
    const { ecs } = ecsThat({ failures: [{ reason: 'RESOURCE:CPU' }] }, []);
    await expect(runTask(ecs, task, 1)).rejects.toThrow('RESOURCE:CPU');
  });
});
