import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import { Option } from '@commander-js/extra-typings';
import pMap from 'p-map';
import { type CommandIo, positiveInteger, yesOption } from '../cli/command.ts';
import { prepareConfirmation } from '../cli/confirmation.ts';
import { failed, refused } from '../cli/errors.ts';
import { type AwsSession, awsCommand, withAws } from './aws-command.ts';
import {
  type Announcement,
  BATCH,
  openQueue,
  RedriveError,
  readAnnouncement,
  type StoredObject,
} from './failed-messages.ts';
import { invokeAgain, readStored, type StoredRecords } from './redrive-object.ts';
import { requireOutputs } from './stack-outputs.ts';

/** The Lambdas on the table's stream: the stack of each, and the output with its name. */
const CONSUMERS = {
  lists: { stack: 'CruddurStream', lambda: 'StreamLambdaName' },
  'search-index': { stack: 'CruddurIndex', lambda: 'IndexLambdaName' },
} as const;

/** Invocations in parallel. The Lambda's reserved concurrency must leave room for the stream. */
const CONCURRENCY = 5;

export const createCommand = (io: CommandIo) =>
  awsCommand(io, 'bin/aws/redrive', {
    summary:
      'Hands failed records of the stream to their Lambda again, once their cause is fixed. A record that succeeds leaves the ' +
      'queue; one that fails again, or cannot be read, is reported and stays. Redriving a record twice, or after newer ones, ' +
      'changes nothing that is right.',
    examples: [
      'bin/aws/redrive --stream lists --dry-run',
      'bin/aws/redrive --stream search-index --yes CruddurIndex',
      'bin/aws/redrive --stream lists --discard --yes CruddurStream',
    ],
  })
    .addOption(
      new Option('--stream <NAME>', 'whose records: of the conversation lists, or of the search index')
        .choices(['lists', 'search-index'] as const)
        .makeOptionMandatory(),
    )
    .option('--limit <COUNT>', 'objects to redrive at most; each has up to a hundred records', positiveInteger)
    .option('--dry-run', 'show what waits, and redrive nothing')
    .option('--discard', 'remove from the queue what fails again, and what has no object; objects expire after 30 days')
    .addOption(yesOption('stack'))
    .action(async ({ stream, limit = Number.POSITIVE_INFINITY, dryRun = false, discard = false, yes, ...flags }) => {
      const { stack } = CONSUMERS[stream];
      const action = discard
        ? 'redrive its failed records, and discard those that fail again'
        : 'redrive its failed records';
      const confirm = dryRun ? () => Promise.resolve() : prepareConfirmation({ name: stack, action, yes }, io);
      await withAws(io, flags, (aws) => redrive(aws, { stream, limit, dryRun, discard, confirm }));
    });

interface Redrive {
  stream: keyof typeof CONSUMERS;
  limit: number;
  dryRun: boolean;
  discard: boolean;
  confirm: () => Promise<void>;
}

async function redrive(aws: AwsSession, { stream, limit, dryRun, discard, confirm }: Redrive): Promise<void> {
  const { out, interrupted } = aws;
  const { deps, queue } = await open(aws, stream);
  const { waiting, hidden } = await queue.count();
  const elsewhere =
    hidden > 0 ? ` (${hidden} more are hidden: another run has them, or one that was stopped within 15 minutes)` : '';
  out.say(`About ${waiting} objects with failed records wait for ${deps.functionName}${elsewhere}.`);
  await confirm();

  const run = createRun(aws, deps, queue, { dryRun, discard });
  const { seen, counts } = run;
  await out.withProgress('Redriving', async (update) => {
    try {
      for (;;) {
        const messages = await receive(queue, limit - seen.size, interrupted);
        if (messages.length === 0) break;
        await pMap(messages, (message) => run.tryMessage(message), { concurrency: CONCURRENCY });
        update(`${seen.size} of about ${waiting}, ${counts.kept} kept`);
      }
    } finally {
      await run.releaseKept();
    }
  });
  if (dryRun) return await out.result({ stream, waiting: seen.size }, `${seen.size} wait. Nothing was redriven.`);
  const sentence = [
    `${counts.redriven} redriven, ${counts.kept} left in the queue`,
    counts.discarded > 0 ? `${counts.discarded} discarded` : '',
    counts.tests > 0 ? `${counts.tests} test events of S3 deleted` : '',
  ];
  await out.result({ stream, ...counts }, `${sentence.filter(Boolean).join(', ')}.`);
  if (interrupted.aborted) throw refused('Stopped. Run the same command again to continue.');
  if (counts.kept > 0) {
    throw failed('Some records are left. Fix their cause and run it again, or remove them with --discard.');
  }
}

type Queue = ReturnType<typeof openQueue>;

/** One run of the command. It tries each message once; those that it keeps are hidden until its end. */
function createRun(
  aws: AwsSession,
  deps: Deps,
  queue: Queue,
  { dryRun, discard }: { dryRun: boolean; discard: boolean },
) {
  const counts = { redriven: 0, kept: 0, discarded: 0, tests: 0 };
  const seen = new Set<string>();
  const kept: Announcement[] = [];

  async function tryAll(message: Announcement): Promise<void> {
    const objects = readAnnouncement(message);
    for (const object of objects) await (dryRun ? show(aws, deps, object) : redriveObject(deps, object));
    if (dryRun) return void kept.push(message);
    await queue.delete(message);
    counts[objects.length === 0 ? 'tests' : 'redriven']++;
  }

  return {
    seen,
    counts,
    async tryMessage(message: Announcement): Promise<void> {
      if (aws.interrupted.aborted || seen.has(message.id)) return void kept.push(message);
      seen.add(message.id);
      try {
        await tryAll(message);
      } catch (error) {
        await report(aws, message, error);
        if (discard && isFinal(error)) {
          await queue.delete(message);
          counts.discarded++;
        } else {
          kept.push(message);
          counts.kept++;
        }
      }
    },
    /** At once, so that the alarm and the next run see them. */
    async releaseKept(): Promise<void> {
      await pMap(kept, (message) => queue.release(message).catch(() => undefined), { concurrency: BATCH });
    },
  };
}

/** Whether another try would end the same: the Lambda reported the record, or there is nothing to try. */
const isFinal = (error: unknown): boolean =>
  error instanceof RedriveError || (error instanceof Error && /^NoSuch(Key|Version)$/.test(error.name));

interface Deps {
  s3: S3Client;
  lambda: LambdaClient;
  functionName: string;
  bucket: string;
}

async function open(aws: AwsSession, stream: keyof typeof CONSUMERS) {
  // Loaded on demand: `--help` needs no SDK.
  const [{ CloudFormationClient }, { SQSClient }, { S3Client }, { LambdaClient }] = await Promise.all([
    import('@aws-sdk/client-cloudformation'),
    import('@aws-sdk/client-sqs'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-lambda'),
  ]);
  const { stack, lambda } = CONSUMERS[stream];
  const outputs = await requireOutputs(aws.client(CloudFormationClient), stack, [
    'FailedRecordsBucketName',
    'FailedRecordsQueueUrl',
    lambda,
  ]);
  const deps: Deps = {
    s3: aws.client(S3Client),
    lambda: aws.client(LambdaClient),
    functionName: outputs[lambda],
    bucket: outputs.FailedRecordsBucketName,
  };
  return { deps, queue: openQueue(aws.client(SQSClient), outputs.FailedRecordsQueueUrl) };
}

/** Waits for messages. None: the queue is empty, or the operator stops. */
async function receive(queue: Queue, most: number, interrupted: AbortSignal): Promise<Announcement[]> {
  if (most <= 0 || interrupted.aborted) return [];
  try {
    return await queue.receive(most, interrupted);
  } catch (error) {
    if (interrupted.aborted) return [];
    throw error;
  }
}

async function readOwn({ s3, bucket }: Deps, object: StoredObject): Promise<StoredRecords> {
  if (object.bucket !== bucket) throw new RedriveError(`the message names another bucket: ${object.bucket}`);
  return await readStored(s3, object);
}

async function redriveObject(deps: Deps, object: StoredObject): Promise<void> {
  await invokeAgain(deps.lambda, deps.functionName, await readOwn(deps, object));
}

async function show({ out }: AwsSession, deps: Deps, object: StoredObject): Promise<void> {
  const { timestamp = '', requestContext, payload } = await readOwn(deps, object);
  const { condition = '' } = requestContext ?? {};
  const records = payload.Records.length;
  await out.line({ kind: 'waits', ...object, timestamp, condition, records }, (colors) =>
    [colors.bold(object.key), timestamp, condition, `${records} records`].join('  '),
  );
}

async function report({ out }: AwsSession, message: Announcement, error: unknown): Promise<void> {
  const objects = namesOf(message);
  const reason = reasonOf(error);
  await out.line({ kind: 'left', messageId: message.id, objects, reason }, (colors) =>
    [colors.bold(objects.join(', ') || `message ${message.id}`), reason].join('  '),
  );
}

function namesOf(message: Announcement): string[] {
  try {
    return readAnnouncement(message).map(({ key }) => key);
  } catch {
    return [];
  }
}

/** AWS's own words with the name of the error: an expired object is `NoSuchKey`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return '$metadata' in error ? `${error.name}: ${error.message}` : error.message;
}
