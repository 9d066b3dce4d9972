import { type DescribeTasksCommand, type ECSClient, RunTaskCommand, type Task } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { readMigrationEnv } from './env.ts';
import { runTask } from './handler.ts';

const task = readMigrationEnv({
  CLUSTER: 'cluster',
  TASK_DEFINITION: 'migration:7',
  SUBNETS: 'subnet-a,subnet-b',
  SECURITY_GROUPS: 'group-a',
});

/** A fake ECS: starts the task, then returns one state after the other. */
function fakeEcs(started: { tasks?: Task[]; failures?: object[] }, states: Task[]) {
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
  it('runs the task in the private subnets and waits until it stops', async () => {
    const { ecs, asked } = fakeEcs(started, [{ lastStatus: 'PENDING' }, { lastStatus: 'RUNNING' }, stopped(0)]);
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
    ['a non-zero exit code', stopped(1), /task-1 exited with 1/],
    ['a task that never ran', stopped(), /no exit code: Essential container exited/],
  ])('fails for %s', async (_, end, words) => {
    await expect(runTask(fakeEcs(started, [end]).ecs, task, 1)).rejects.toThrow(words);
  });

  it('reports why the task did not start', async () => {
    const { ecs } = fakeEcs({ failures: [{ reason: 'RESOURCE:CPU' }] }, []);
    await expect(runTask(ecs, task, 1)).rejects.toThrow('RESOURCE:CPU');
  });
});
