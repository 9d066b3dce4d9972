import { type ECSClient, RunTaskCommand, StopTaskCommand, type Task } from '@aws-sdk/client-ecs';
import { describe, expect, it, vi } from 'vitest';
import { readMigrationEnv } from './env.ts';
import { runTask } from './handler.ts';

const task = readMigrationEnv({
  CLUSTER: 'cluster',
  TASK_DEFINITION: 'migration:7',
  SUBNETS: 'subnet-a,subnet-b',
  SECURITY_GROUPS: 'group-a',
});
const FAST = { poll: 1, firstRetry: 1 };

/** ECS's answer to RunTask, and the states of the task that it started. */
interface Start {
  failures?: object[];
  states?: Task[];
}

/** A fake ECS: each start has its own states, of which the last stays. */
function fakeEcs(starts: Start[]) {
  const asked: { name: string; input: object }[] = [];
  let current = -1;
  const send = async (command: { input: object }) => {
    asked.push({ name: command.constructor.name, input: command.input });
    if (command instanceof StopTaskCommand) return {};
    if (command instanceof RunTaskCommand) {
      current++;
      const { failures } = starts[current] ?? {};
      return failures ? { tasks: [], failures } : { tasks: [{ taskArn: `task-${current + 1}` }], failures: [] };
    }
    const states = starts[current]?.states ?? [];
    const state = states.length > 1 ? states.shift() : states[0];
    return { tasks: state ? [state] : [] };
  };
  const countOf = (name: string) => asked.filter((each) => each.name === name).length;
  return { ecs: { send } as unknown as Pick<ECSClient, 'send'>, asked, countOf };
}

const stopped = (exitCode?: number): Task => ({
  lastStatus: 'STOPPED',
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container exited',
  containers: [{ exitCode }],
});
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html and "Stopped task error codes"
const neverRan: Task = {
  lastStatus: 'STOPPED',
  stopCode: 'TaskFailedToStart',
  stoppedReason: 'ResourceInitializationError: unable to pull secrets or registry auth',
  containers: [{}],
};

describe('runTask', () => {
  it('runs the task in the private subnets and waits until it stops', async () => {
    const { ecs, asked } = fakeEcs([{ states: [{ lastStatus: 'PENDING' }, { lastStatus: 'RUNNING' }, stopped(0)] }]);
    await runTask(ecs, task, FAST);
    expect(asked[0]?.input).toMatchObject({
      taskDefinition: 'migration:7',
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ['subnet-a', 'subnet-b'],
          securityGroups: ['group-a'],
          assignPublicIp: 'DISABLED',
        },
      },
    });
    expect(asked.slice(1).map(({ input }) => input)).toEqual(Array(3).fill({ cluster: 'cluster', tasks: ['task-1'] }));
  });

  it.each([
    ['a non-zero exit code', stopped(1), /task-1 exited with 1/],
    ['a container that was killed', stopped(), /no exit code: Essential container exited/],
  ])('fails for %s, without a second attempt: the migration may have begun', async (_, end, words) => {
    const { ecs, countOf } = fakeEcs([{ states: [end] }, { states: [stopped(0)] }]);
    await expect(runTask(ecs, task, FAST)).rejects.toThrow(words);
    expect(countOf('RunTaskCommand')).toBe(1);
  });

  it('starts again while there is no capacity, or the container cannot start', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const starts = [{ failures: [{ reason: 'Capacity is unavailable at this time.' }] }, { states: [neverRan] }];
    const { ecs, countOf } = fakeEcs([...starts, { states: [{ lastStatus: 'PENDING' }, stopped(0)] }]);
    await runTask(ecs, task, FAST);
    expect(countOf('RunTaskCommand')).toBe(3);
    expect(vi.mocked(console.warn).mock.calls.join()).toMatch(/Capacity is unavailable.*ResourceInitializationError/);
  });

  it.each([
    ['ECS refuses it', { failures: [{ reason: 'RESOURCE:CPU' }] }, 'RESOURCE:CPU'],
    ['its container cannot start', { states: [neverRan] }, 'ResourceInitializationError'],
  ])('gives up after five attempts and says why, if %s each time', async (_, start, words) => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { ecs, countOf } = fakeEcs(Array(9).fill(start));
    await expect(runTask(ecs, task, FAST)).rejects.toThrow(words);
    expect(countOf('RunTaskCommand')).toBe(5);
  });

  it('stops a task that takes longer than the deployment waits, and does not start another one', async () => {
    const { ecs, asked, countOf } = fakeEcs([{ states: [{ lastStatus: 'RUNNING' }] }]);
    await expect(runTask(ecs, task, { ...FAST, giveUp: 20 })).rejects.toThrow('task-1 was stopped');
    expect(asked.at(-1)).toMatchObject({ name: 'StopTaskCommand', input: { cluster: 'cluster', task: 'task-1' } });
    expect(countOf('RunTaskCommand')).toBe(1);
  });
});
