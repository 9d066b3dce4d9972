import { randomUUID } from 'node:crypto';
import { type CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeTasksCommand,
  type ECSClient,
  type Failure,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { failed } from '../cli/errors.ts';
import { type AwsSession, stopIfInterrupted } from './aws-command.ts';

export interface OperatorTask {
  ecs: ECSClient;
  logs: CloudWatchLogsClient;
  cluster: string;
  taskDefinition: string;
  subnets: string[];
  securityGroups: string[];
  logGroupName: string;
}

/** A command's words, and what it uses instead of what is served. */
export interface TaskWork {
  words: string[];
  table: string | undefined;
  database: string | undefined;
}

export interface TaskEnd {
  exitCode: number | undefined;
  reason: string;
  /** Whether the command never ran. */
  failedToStart: boolean;
}

/** In the task definition (infra/src/api/operator-task.ts): also the first two parts of a log stream's name. */
const CONTAINER = 'operator';

/** Of the task's 4 GiB: by itself, V8 takes half of the memory. */
const HEAP = '--max-old-space-size=3072';

const ATTEMPTS = 6;
const PAUSE_MS = 5000;
const POLL_MS = 2000;
/** Log lines arrive some seconds after the task has written them: so often the log must have nothing new after its end. */
const QUIET_POLLS = 4;

/**
 * Starts a task with the command. Without capacity, or while AWS is busy, it tries again.
 *
 * @returns its ARN
 * @throws {CommandError} with ECS's reason after six attempts
 */
export async function startTask(
  aws: AwsSession,
  task: OperatorTask,
  { words, table, database }: TaskWork,
): Promise<string> {
  const environment = Object.entries({ DDB_TABLE: table, DATABASE_HOST: database }).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value }],
  );
  let failures: Failure[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    stopIfInterrupted(aws);
    const started = await task.ecs.send(
      new RunTaskCommand({
        cluster: task.cluster,
        taskDefinition: task.taskDefinition,
        launchType: 'FARGATE',
        // A repeated request starts no second task.
        clientToken: randomUUID(),
        startedBy: 'bin/aws/run',
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: task.subnets,
            securityGroups: task.securityGroups,
            assignPublicIp: 'DISABLED',
          },
        },
        overrides: {
          containerOverrides: [{ name: CONTAINER, command: ['node', HEAP, 'dist/operator.js', ...words], environment }],
        },
      }),
    );
    const taskArn = started.tasks?.[0]?.taskArn;
    if (taskArn !== undefined) return taskArn;
    failures = started.failures ?? [];
    aws.out.say(`ECS did not start the task: ${describe(failures)}. Trying again.`);
    await aws.io.pause(PAUSE_MS * 2 ** attempt, aws.interrupted);
  }
  throw failed(`ECS did not start the task: ${describe(failures)}.`);
}

const describe = (failures: Failure[]): string => failures.map(({ reason }) => reason).join(', ') || 'no reason given';

/** Prints the task's log until it has stopped. At Ctrl-C it stops the task, and goes on until it has. */
export async function followTask(aws: AwsSession, task: OperatorTask, taskArn: string): Promise<TaskEnd> {
  const printNew = createLogReader(aws, task, taskArn);
  let stopping = false;
  for (let quiet = 0; ; ) {
    if (aws.interrupted.aborted && !stopping) {
      stopping = true;
      aws.out.say('Stopping the task. It has 30 seconds to end by itself. Ctrl-C again leaves it to itself.');
      await task.ecs.send(new StopTaskCommand({ cluster: task.cluster, task: taskArn, reason: 'Ctrl-C' }));
    }
    const state = await describeTask(task, taskArn);
    const isNew = await printNew();
    if (state?.lastStatus === 'STOPPED') {
      const exitCode = state.containers?.find(({ name }) => name === CONTAINER)?.exitCode;
      quiet = isNew ? 0 : quiet + 1;
      // A container that did not start has no log.
      if (quiet >= QUIET_POLLS || exitCode === undefined) {
        const failedToStart = state.stopCode === 'TaskFailedToStart';
        return { exitCode, reason: state.stoppedReason ?? 'no reason given', failedToStart };
      }
    }
    // The signal ends only the first pause after Ctrl-C.
    await aws.io.pause(POLL_MS, stopping ? new AbortController().signal : aws.interrupted);
  }
}

async function describeTask({ ecs, cluster }: OperatorTask, taskArn: string): Promise<Task | undefined> {
  // ECS may not yet know a task that it has just started.
  return (await ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }))).tasks?.[0];
}

/** @returns prints what is new in the log, and returns whether there was anything */
function createLogReader({ io }: AwsSession, { logs, logGroupName }: OperatorTask, taskArn: string) {
  const logStreamName = `${CONTAINER}/${CONTAINER}/${taskArn.split('/').at(-1)}`;
  let nextToken: string | undefined;
  return async function printNew(): Promise<boolean> {
    try {
      const command = new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true, nextToken });
      const { events = [], nextForwardToken } = await logs.send(command);
      nextToken = nextForwardToken;
      for (const { message = '' } of events) io.stdout.write(`${message}\n`);
      return events.length > 0;
    } catch (error) {
      // The stream exists from the first line on.
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return false;
      throw error;
    }
  };
}
