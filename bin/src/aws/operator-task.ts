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
/** A minute: ECS knows a task some seconds after it has started it. */
const MISSING_POLLS = 30;
/** A minute, with the SDK's own attempts. */
const PASSING_FAILURES = 30;

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

/**
 * Prints the task's log until it has stopped. At Ctrl-C it stops the task, and goes on until it has.
 *
 * @throws {CommandError} if AWS does not answer for a minute, or refuses: the task then runs on, and the message says how to stop it
 */
export async function followTask(aws: AwsSession, task: OperatorTask, taskArn: string): Promise<TaskEnd> {
  const id = taskArn.split('/').at(-1);
  try {
    return await follow(aws, task, taskArn);
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw failed(
      `The task may still run, but cannot be followed: ${reason}. Its log is in ${task.logGroupName}. To stop it: ` +
        `aws ecs stop-task --cluster ${task.cluster} --task ${id}`,
      { cause },
    );
  }
}

async function follow(aws: AwsSession, task: OperatorTask, taskArn: string): Promise<TaskEnd> {
  const printNew = createLogReader(aws, task, taskArn);
  let stopping = false;
  let missing = 0;
  const ask = patiently();
  for (let quiet = 0; ; ) {
    if (aws.interrupted.aborted && !stopping) {
      stopping = true;
      aws.out.say('Stopping the task. It has 30 seconds to end by itself. Ctrl-C again leaves it to itself.');
      await task.ecs.send(new StopTaskCommand({ cluster: task.cluster, task: taskArn, reason: 'Ctrl-C' }));
    }
    const answer = await ask(() => describeTask(task, taskArn));
    const state = answer?.task;
    const isNew = (await ask(printNew)) ?? true;
    missing = answer && !state ? missing + 1 : 0;
    if (missing >= MISSING_POLLS) throw new Error('ECS does not know it. It forgets a stopped task after an hour');
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

/** The task is undefined while ECS does not yet know one that it has just started. */
async function describeTask({ ecs, cluster }: OperatorTask, taskArn: string): Promise<{ task: Task | undefined }> {
  return { task: (await ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }))).tasks?.[0] };
}

/** Asks AWS, and returns undefined if it does not answer or is busy, until that has lasted for a while: a task can run for hours. */
function patiently() {
  let failures = 0;
  return async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      const answer = await ask();
      failures = 0;
      return answer;
    } catch (error) {
      if (!isPassing(error) || ++failures > PASSING_FAILURES) throw error;
      return undefined;
    }
  };
}

/** Whether it can end by itself, unlike a missing permission or an expired session. */
function isPassing(error: unknown): boolean {
  const { name = '', $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return status === undefined || status >= 500 || status === 429 || /Throttl|TooManyRequests/.test(name);
}

/** @returns prints what is new in the log, and returns whether there was anything */
function createLogReader({ io }: AwsSession, { logs, logGroupName }: OperatorTask, taskArn: string) {
  const logStreamName = `${CONTAINER}/${CONTAINER}/${taskArn.split('/').at(-1)}`;
  let nextToken: string | undefined;
  return async function printNew(): Promise<boolean> {
    try {
      const command = new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true, nextToken });
      const { events = [], nextForwardToken } = await logs.send(command);
      // At the end of the log, the token stays the same. A page before it can be empty.
      const isNew = events.length > 0 || nextForwardToken !== nextToken;
      nextToken = nextForwardToken;
      for (const { message = '' } of events) io.stdout.write(`${message}\n`);
      return isNew;
    } catch (error) {
      // The stream exists from the first line on.
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return false;
      throw error;
    }
  };
}
