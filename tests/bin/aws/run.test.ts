import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runBin } from '../support/run-bin.ts';
import { serveStacks } from './support/stacks.ts';
import { awsError, failFirst, startStandIns, throttled } from './support/stand-ins.ts';

const OUTPUTS = {
  ClusterName: 'the-cluster',
  OperatorTaskDefinitionArn: 'arn:aws:ecs:ca-central-1:123456789012:task-definition/Operator:3',
  OperatorSubnetIds: 'subnet-a,subnet-b',
  OperatorSecurityGroupIds: 'sg-own,sg-clients',
  OperatorLogGroupName: 'the-log',
};

interface TaskState {
  lastStatus: string;
  stopCode?: string;
  stoppedReason?: string;
  exitCode?: number;
}

let aws: ReturnType<typeof startStandIns>;
/** The states of the task, one each time that it is described; it stays in the last one. */
let states: TaskState[];
/** The log's lines. They appear one each time that it is read, from the second time on. */
let log: string[];

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html: at the end of the stream, the same
 * token is returned as was sent; a stream exists from its first event on.
 */
beforeEach(() => {
  aws = startStandIns();
  serveStacks(aws, { CruddurApi: OUTPUTS });
  states = [{ lastStatus: 'PROVISIONING' }, { lastStatus: 'RUNNING' }, { lastStatus: 'STOPPED', exitCode: 0 }];
  log = ['Verifying', 'No breaches found.', '140 items'];
  aws.serve(ECSClient, {
    RunTask: () => ({ tasks: [{ taskArn: 'arn:aws:ecs:ca-central-1:123456789012:task/the-cluster/0abc' }] }),
    DescribeTasks() {
      const { exitCode, ...task } = (states.length > 1 ? states.shift() : states[0]) as TaskState;
      return { tasks: [{ ...task, containers: [{ name: 'operator', exitCode }] }] };
    },
    StopTask() {
      states = [{ lastStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'Ctrl-C', exitCode: 1 }];
      return {};
    },
  });
  let reads = 0;
  aws.serve(CloudWatchLogsClient, {
    GetLogEvents({ nextToken }: { nextToken?: string }) {
      if (reads++ === 0) throw awsError('ResourceNotFoundException', 'The specified log stream does not exist.');
      const at = Number(nextToken ?? 0);
      const events = log.slice(at, at + 1).map((message) => ({ message }));
      return { events, nextForwardToken: String(at + events.length) };
    },
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const runs = () => aws.calls.filter(({ name }) => name === 'ECS.RunTask').map(({ input }) => input);

describe('bin/aws/run', () => {
  it('runs a command as a task in the private subnets, and prints its whole log, which is late', async () => {
    const { exitCode, stdout, stderr } = await runBin('aws/run', ['bin/ddb/verify', 'prod', '--repair']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: log.join('\n') });
    expect(stderr).toContain('Task 0abc of the-cluster runs ddb/verify prod --repair');
    expect(runs()).toMatchObject([
      {
        cluster: 'the-cluster',
        taskDefinition: OUTPUTS.OperatorTaskDefinitionArn,
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: ['subnet-a', 'subnet-b'],
            securityGroups: ['sg-own', 'sg-clients'],
            assignPublicIp: 'DISABLED',
          },
        },
        overrides: {
          containerOverrides: [
            {
              name: 'operator',
              command: ['node', '--max-old-space-size=3072', 'dist/operator.js', 'ddb/verify', 'prod', '--repair'],
              environment: [],
            },
          ],
        },
      },
    ]);
  });

  it('lets the command use another table and database', async () => {
    await runBin('aws/run', [
      '--table',
      'cruddur-messages-20261120',
      '--database',
      'restored.rds',
      '--',
      'bin/ddb/verify',
      'prod',
    ]);
    expect(runs()).toMatchObject([
      {
        overrides: {
          containerOverrides: [
            {
              environment: [
                { name: 'DDB_TABLE', value: 'cruddur-messages-20261120' },
                { name: 'DATABASE_HOST', value: 'restored.rds' },
              ],
            },
          ],
        },
      },
    ]);
  });

  it('says in the audit who moderates, since the user in the task has no name', async () => {
    await runBin('aws/run', ['bin/moderation/suspend', 'londo', 'prod', '--reason', 'Spam', '--yes', 'londo']);
    await runBin('aws/run', ['bin/moderation/suspend', 'londo', 'prod', '--reason', 'Spam', '--by', 'ivanova']);
    const commands = runs().map(
      ({ overrides }) => (overrides as { containerOverrides: { command: string[] }[] }).containerOverrides[0]?.command,
    );
    expect(commands[0]?.slice(-2)).toEqual(['--by', expect.stringMatching(/^\S+$/)]);
    expect(commands[1]?.filter((word) => word === '--by')).toHaveLength(1);
  });

  it.each([
    [1, 1, 'The command ended with 1.'],
    [2, 2, 'The command ended with 2: Essential container in task exited'],
    [137, 2, 'The command ended with 137: OutOfMemoryError'],
  ])('passes the exit code %i on as %i', async (ofTask, ofCommand, words) => {
    const stoppedReason = ofTask === 137 ? 'OutOfMemoryError' : 'Essential container in task exited';
    states = [{ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', stoppedReason, exitCode: ofTask }];
    const { exitCode, stderr } = await runBin('aws/run', ['bin/db/sessions', 'prod']);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: ofCommand, stderr: expect.stringContaining(words) });
  });

  it('tries again without capacity, and when a task does not start', async () => {
    aws.serve(ECSClient, {
      RunTask: failFirst(
        1,
        throttled,
        (() => {
          let asked = 0;
          return () =>
            asked++ === 0
              ? { tasks: [], failures: [{ reason: 'Capacity is unavailable at this time' }] }
              : { tasks: [{ taskArn: 'task/the-cluster/0abc' }] };
        })(),
      ),
    });
    const stoppedReason = 'ResourceInitializationError: unable to pull secrets';
    states.unshift({ lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart', stoppedReason });
    const { exitCode, stdout, stderr } = await runBin('aws/run', ['bin/ddb/verify', 'prod']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: log.join('\n') });
    expect(stderr).toContain('ECS did not start the task: Capacity is unavailable at this time. Trying again.');
    expect(stderr).toContain(
      'The task did not start: ResourceInitializationError: unable to pull secrets. Trying again.',
    );
    // Throttled, refused, not started, started.
    expect(runs()).toHaveLength(4);
  });

  it('goes on while AWS does not answer for a moment, and reads a page of the log that is empty', async () => {
    const away = () => awsError('InternalFailure', 'try again', 500);
    let asked = 0;
    aws.serve(ECSClient, {
      DescribeTasks: failFirst(9, away, () => ({
        tasks: [{ lastStatus: asked++ < 2 ? 'RUNNING' : 'STOPPED', containers: [{ name: 'operator', exitCode: 0 }] }],
      })),
    });
    // As many empty pages as there are polls without news before the end, and one more.
    const pages = [[], [], [], [], [], [], ['Late'], []];
    aws.serve(CloudWatchLogsClient, {
      GetLogEvents({ nextToken = '0' }: { nextToken?: string }) {
        const events = (pages[Number(nextToken)] ?? []).map((message) => ({ message }));
        return { events, nextForwardToken: String(Math.min(Number(nextToken) + 1, pages.length)) };
      },
    });
    const { exitCode, stdout } = await runBin('aws/run', ['bin/ddb/verify', 'prod']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Late' });
  });

  it.each([
    [
      'its session has expired',
      () => awsError('ExpiredTokenException', 'The security token is expired'),
      'ExpiredToken',
    ],
    ['ECS has forgotten the task', undefined, 'ECS does not know it'],
  ])('says that the task may still run, and how to stop it, when %s', async (_, error, words) => {
    aws.serve(ECSClient, {
      DescribeTasks() {
        if (error) throw error();
        return { tasks: [], failures: [{ reason: 'MISSING' }] };
      },
    });
    const { exitCode, stderr } = await runBin('aws/run', ['bin/ddb/verify', 'prod']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).toContain('aws ecs stop-task --cluster the-cluster --task 0abc');
  });

  it('gives up with the reason', async () => {
    aws.serve(ECSClient, { RunTask: () => ({ tasks: [], failures: [{ reason: 'RESOURCE:ENI' }] }) });
    const refusedByEcs = await runBin('aws/run', ['bin/ddb/verify', 'prod']);
    expect(refusedByEcs).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('not start the task: RESOURCE:ENI.'),
    });
    aws.serve(ECSClient, { RunTask: () => ({ tasks: [{ taskArn: 'task/the-cluster/0abc' }] }) });
    states = [{ lastStatus: 'STOPPED', stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError' }];
    const neverRan = await runBin('aws/run', ['bin/ddb/verify', 'prod']);
    expect(neverRan).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('did not run: CannotPullContainerError'),
    });
  });

  it('stops the task at Ctrl-C, and prints what it still says', async () => {
    const controller = new AbortController();
    states = [{ lastStatus: 'RUNNING' }];
    log = ['Rebuilding', 'To continue: bin/search/rebuild prod --from WyJ'];
    aws.serve(ECSClient, {
      RunTask: () => {
        controller.abort();
        return { tasks: [{ taskArn: 'task/the-cluster/0abc' }] };
      },
    });
    const { exitCode, stdout, stderr } = await runBin('aws/run', ['bin/search/rebuild', 'prod'], {
      interrupted: controller.signal,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: log.join('\n') });
    expect(stderr).toContain('Stopped the task (exit code 1).');
    expect(aws.names()).toEqual(['ECS.RunTask', 'ECS.StopTask']);
  });

  it.each([
    [['bin/ddb/drop', 'prod'], 'bin/ddb/drop cannot run as a task'],
    [['bin/ddb/verify', '--repair'], 'Write prod: bin/aws/run bin/ddb/verify --repair prod'],
    [[], "missing required argument 'COMMAND'"],
  ])('refuses %j, and starts nothing', async (args, words) => {
    const { exitCode, stderr } = await runBin('aws/run', args);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(words) });
    expect(aws.calls).toEqual([]);
  });
});
