import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runBin } from '../support/run-bin.ts';
import {
  announcementOf,
  BUCKET,
  LAMBDA,
  notificationOf,
  QUEUE_URL,
  serveFailedRecords,
  TEST_EVENT,
} from './support/failed-records.ts';
import { serveStacks } from './support/stacks.ts';
import { awsError, failFirst, startStandIns, throttled } from './support/stand-ins.ts';

let aws: ReturnType<typeof startStandIns>;
let failed: ReturnType<typeof serveFailedRecords>;

beforeEach(() => {
  aws = startStandIns();
  const outputs = { FailedRecordsBucketName: BUCKET, FailedRecordsQueueUrl: QUEUE_URL };
  serveStacks(aws, {
    CruddurStream: { ...outputs, StreamLambdaName: LAMBDA },
    CruddurIndex: { ...outputs, IndexLambdaName: LAMBDA },
  });
  failed = serveFailedRecords(aws);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const redrive = (...args: string[]) => runBin('aws/redrive', ['--stream', 'lists', '--yes', 'CruddurStream', ...args]);

describe('bin/aws/redrive', () => {
  it('hands all records to the Lambda, whatever number of them waits, and empties the queue', async () => {
    for (let i = 0; i < 25; i++)
      failed.store(`aws/lambda/mapping/shard/${i}`, [`text ${i}`], i % 2 ? 'string' : 'object');
    const { exitCode, stdout, stderr } = await redrive();
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '25 redriven, 0 left in the queue.' });
    expect(stderr.split('\n')).toEqual([
      'account: 123456789012 (arn:aws:iam::123456789012:user/ada)',
      'region: ca-central-1',
      `About 25 objects with failed records wait for ${LAMBDA}.`,
    ]);
    expect(failed.messages).toEqual([]);
    expect(failed.invoked.flat().sort()).toEqual(Array.from({ length: 25 }, (_, i) => `text ${i}`).sort());
  });

  it("deletes S3's test event first in the queue, and goes on: older deployments sent one", async () => {
    failed.add(TEST_EVENT);
    failed.store('one', ['first']);
    const { exitCode, stdout } = await redrive();
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: '1 redriven, 0 left in the queue, 1 test events of S3 deleted.',
    });
    expect(failed.invoked).toEqual([['first']]);
    expect(failed.messages).toEqual([]);
  });

  it.each([
    ['is forbidden', awsError('AccessDenied', 'Access Denied', 403), 'two  AccessDenied: Access Denied'],
    ['has expired', undefined, 'two  NoSuchKey: The specified key does not exist.'],
    ['is no JSON', 'half of an obj', 'two  the object has no records of a stream'],
    ['has no records', JSON.stringify({ version: '1.0', payload: '{}' }), 'two  the object has no records of a stream'],
  ])('replays no other record, and keeps the message, if the second object %s', async (_, object, words) => {
    for (const key of ['one', 'two', 'three']) failed.store(key, [`of ${key}`]);
    if (object === undefined) failed.objects.delete('two version of two');
    else failed.objects.set('two version of two', object);
    const { exitCode, stdout } = await redrive();
    expect(exitCode).toBe(2);
    expect(stdout.split('\n')).toEqual([words, '2 redriven, 1 left in the queue.']);
    expect(failed.invoked.flat().toSorted()).toEqual(['of one', 'of three']);
    expect(failed.messages.map(({ id }) => id)).toEqual(['message-2']);
    expect(failed.waiting()).toEqual(['message-2']);
  });

  it('reads exactly the version that was announced', async () => {
    failed.store('one', ['announced']);
    failed.objects.set('one version of later', JSON.stringify({ payload: { Records: [] } }));
    await redrive();
    expect(aws.calls.find(({ name }) => name === 'S3.GetObject')?.input).toMatchObject({
      Bucket: BUCKET,
      Key: 'one',
      VersionId: 'version of one',
    });
    expect(failed.invoked).toEqual([['announced']]);
  });

  it('reports the key of a record that fails again, and keeps only its message', async () => {
    failed.store('one', ['fine', 'poison']);
    failed.store('two', ['good']);
    failed.poison.add('poison');
    const { exitCode, stdout, stderr } = await redrive();
    expect(exitCode).toBe(2);
    expect(stdout).toContain('one  MSG#a 2026-11-20T08:15:30.123456+00:00 failed again: see the log of the Lambda');
    expect(stderr).toContain('Some records are left.');
    expect(failed.waiting()).toEqual(['message-1']);
    failed.poison.clear();
    expect(await redrive()).toMatchObject({ exitCode: 0, stdout: '1 redriven, 0 left in the queue.' });
  });

  it.each([
    [
      'ends with an error',
      { StatusCode: 200, FunctionError: 'Unhandled' },
      'the Lambda failed (200 Unhandled): see its log',
    ],
    ['was only queued', { StatusCode: 202 }, 'the Lambda failed (202): see its log'],
    [
      'is another one',
      { StatusCode: 200, Payload: new TextEncoder().encode('"done"') },
      'the Lambda did not answer as a stream handler does',
    ],
    ['says nothing', { StatusCode: 200 }, 'the Lambda did not answer as a stream handler does'],
  ])('keeps the message if the Lambda %s', async (_, answer, words) => {
    failed.store('one', ['text']);
    failed.answer = answer;
    const { exitCode, stdout } = await redrive();
    expect(exitCode).toBe(2);
    expect(stdout).toContain(`one  ${words}`);
    expect(failed.waiting()).toEqual(['message-1']);
  });

  it('redrives what S3 announced to older deployments, whose keys are encoded', async () => {
    failed.store('aws/lambda/a shard+1/2026', ['old']);
    const [message] = failed.messages;
    if (message) message.body = notificationOf('aws/lambda/a shard+1/2026');
    expect(await redrive()).toMatchObject({ exitCode: 0, stdout: '1 redriven, 0 left in the queue.' });
    expect(failed.invoked).toEqual([['old']]);
  });

  it.each([
    ['of another kind', '{"hello":"world"}', 'message message-1  the message announces no object of S3'],
    ['that is no JSON', 'hello', 'message message-1  the message announces no object of S3'],
    [
      'of another bucket',
      announcementOf('one', 'version of one', 'bucket-of-others'),
      'one  the message names another bucket: bucket-of-others',
    ],
  ])('reports a message %s, and keeps it', async (_, body, words) => {
    failed.add(body);
    const { exitCode, stdout } = await redrive();
    expect(exitCode).toBe(2);
    expect(stdout).toContain(words);
    expect(failed.invoked).toEqual([]);
    expect(failed.waiting()).toEqual(['message-1']);
  });

  it('shows what waits with --dry-run, without a confirmation, and changes nothing', async () => {
    failed.store('parked/one', ['a', 'b'], 'object');
    failed.store('two', ['c']);
    const { exitCode, stdout } = await runBin('aws/redrive', ['--stream', 'search-index', '--dry-run']);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').toSorted()).toEqual([
      '2 wait. Nothing was redriven.',
      'parked/one  2026-11-27T20:15:30.123Z  NonRetryable  2 records',
      'two  2026-11-27T20:15:30.123Z  RetryAttemptsExhausted  1 records',
    ]);
    expect(failed.invoked).toEqual([]);
    expect(failed.waiting()).toEqual(['message-1', 'message-2']);
  });

  it('stops at --limit, and prints records with --json', async () => {
    for (let i = 0; i < 15; i++) failed.store(`${i}`, [`text ${i}`]);
    const { exitCode, records } = await redrive('--limit', '12', '--json');
    expect(exitCode).toBe(0);
    expect(records()).toEqual([{ stream: 'lists', redriven: 12, kept: 0, discarded: 0, tests: 0 }]);
    expect(failed.waiting()).toHaveLength(3);
  });

  it('removes with --discard what fails again or has expired, but not what AWS did not try', async () => {
    failed.store('one', ['poison']);
    failed.store('two', ['good']);
    failed.store('three', ['expired']);
    failed.objects.delete('three version of three');
    failed.store('four', ['unread']);
    failed.objects.set('four version of four', awsError('AccessDenied', 'Access Denied', 403));
    failed.poison.add('poison');
    const { exitCode, stdout } = await redrive('--discard');
    expect(exitCode).toBe(2);
    expect(stdout).toContain('1 redriven, 1 left in the queue, 2 discarded.');
    expect(failed.invoked.flat().toSorted()).toEqual(['good', 'poison']);
    expect(failed.waiting()).toEqual(['message-4']);
    expect(failed.messages).toHaveLength(1);
  });

  it('asks for the name first: without a terminal it calls nothing', async () => {
    const { exitCode, stderr } = await runBin('aws/redrive', ['--stream', 'lists']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Add --yes CruddurStream.');
    expect(aws.calls).toEqual([]);
  });

  it('ends at Ctrl-C with what is under way, shows the rest again at once, and continues when it is run again', async () => {
    const controller = new AbortController();
    for (let i = 0; i < 9; i++) failed.store(`${i}`, [`text ${i}`]);
    failed.onInvoke = () => controller.abort();
    const stopped = await runBin('aws/redrive', ['--stream', 'lists', '--yes', 'CruddurStream'], {
      interrupted: controller.signal,
    });
    expect(stopped).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Run the same command again to continue.'),
    });
    const left = 9 - failed.invoked.length;
    expect(left).toBeGreaterThan(0);
    expect(failed.waiting()).toHaveLength(left);
    expect(await redrive()).toMatchObject({ exitCode: 0, stdout: `${left} redriven, 0 left in the queue.` });
    expect(failed.invoked).toHaveLength(9);
  });

  it('asks again when it is throttled, and keeps what the Lambda has no room for', async () => {
    failed.store('one', ['text']);
    const deleted = failFirst(2, throttled, () => ({}));
    aws.serve(SQSClient, { DeleteMessage: deleted });
    expect(await redrive()).toMatchObject({ exitCode: 0 });
    failed.store('two', ['text']);
    aws.serve(LambdaClient, {
      Invoke: () => {
        throw awsError('TooManyRequestsException', 'Rate Exceeded.', 429);
      },
    });
    const { exitCode, stdout } = await redrive();
    expect(exitCode).toBe(2);
    expect(stdout).toContain('two  TooManyRequestsException: Rate Exceeded.');
    expect(failed.waiting()).toContain('message-2');
  });

  it('releases what it has received if the queue fails', async () => {
    for (let i = 0; i < 3; i++) failed.store(`${i}`, [`text ${i}`]);
    failed.poison.add('text 1');
    failed.receivesLeft = 1;
    const { exitCode, stderr } = await redrive();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('AccessDenied: not any more');
    expect(failed.waiting()).toEqual(['message-2']);
  });
});
