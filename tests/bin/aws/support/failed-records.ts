import { createHash } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { record } from '../../../support/stream.ts';
import { awsError, type startStandIns } from './stand-ins.ts';

export const BUCKET = 'failed-records';
export const QUEUE_URL = 'https://sqs.ca-central-1.amazonaws.com/123456789012/failed-records';
export const LAMBDA = 'CruddurStream-Lambda';

interface Message {
  id: string;
  body: string;
  receipt: string;
  isHidden: boolean;
}

/** As EventBridge hands it to a queue: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export const announcementOf = (key: string, version = `version of ${key}`, bucket = BUCKET): string =>
  JSON.stringify({
    version: '0',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: { key, size: 5, 'version-id': version },
      reason: 'PutObject',
    },
  });

/** As S3 itself announced it to deployments before: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export const notificationOf = (key: string): string => {
  const encoded = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
  const s3 = { bucket: { name: BUCKET }, object: { key: encoded, versionId: `version of ${key}` } };
  return JSON.stringify({ Records: [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3 }] });
};

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-enable-disable-notification-intro.html */
export const TEST_EVENT = JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: BUCKET });

/**
 * A bucket of failed records, the queue that announces them, and the Lambda that they are handed to again.
 *
 * A received message is hidden, for longer than a test takes, and its latest receipt deletes it or shows it again:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export function serveFailedRecords(aws: ReturnType<typeof startStandIns>) {
  let receipts = 0;
  const state = {
    messages: [] as Message[],
    /** By key and version; an error is what S3 answers. */
    objects: new Map<string, string | Error>(),
    /** Message texts of the records that the Lambda received, one list for each invocation. */
    invoked: [] as string[][],
    /** Texts of records that fail. */
    poison: new Set<string>(),
    /** What the Lambda answers instead. */
    answer: undefined as object | undefined,
    onInvoke: () => {},
    /** After so many calls, SQS returns no messages but an error. */
    receivesLeft: Number.POSITIVE_INFINITY,
    add(body: string): void {
      state.messages.push({ id: `message-${state.messages.length + 1}`, body, receipt: '', isHidden: false });
    },
    /** Stores records with these texts as Lambda does, and announces them. */
    store(key: string, texts: readonly string[], form: 'string' | 'object' = 'string'): void {
      const event = { Records: texts.map((message) => record({ group: 'a', message })) };
      const payload = form === 'string' ? JSON.stringify(event) : event;
      const condition = form === 'string' ? 'RetryAttemptsExhausted' : 'NonRetryable';
      const stored = { requestContext: { condition }, version: '1.0', timestamp: '2026-11-27T20:15:30.123Z', payload };
      state.objects.set(`${key} version of ${key}`, JSON.stringify(stored));
      state.add(announcementOf(key));
    },
    waiting: () => state.messages.filter(({ isHidden }) => !isHidden).map(({ id }) => id),
  };
  const withReceipt = (receipt: string) => {
    const found = state.messages.find((message) => message.receipt === receipt);
    if (!found) throw awsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
    return found;
  };
  aws.serve(SQSClient, {
    GetQueueAttributes: () => ({
      Attributes: {
        ApproximateNumberOfMessages: String(state.waiting().length),
        ApproximateNumberOfMessagesNotVisible: String(state.messages.length - state.waiting().length),
      },
    }),
    ReceiveMessage({ MaxNumberOfMessages: most = 1, WaitTimeSeconds: wait = 0 }: Record<string, number>) {
      if (state.receivesLeft-- <= 0) throw awsError('AccessDenied', 'not any more', 403);
      // Short polling asks some of SQS's servers only, and may find nothing: the worst case, always.
      const received = wait === 0 ? [] : state.messages.filter(({ isHidden }) => !isHidden).slice(0, most);
      for (const message of received) Object.assign(message, { isHidden: true, receipt: `receipt-${++receipts}` });
      const Messages = received.map(({ id, body, receipt }) => ({
        MessageId: id,
        ReceiptHandle: receipt,
        Body: body,
        MD5OfBody: createHash('md5').update(body).digest('hex'),
      }));
      return Messages.length === 0 ? {} : { Messages };
    },
    ChangeMessageVisibility({
      ReceiptHandle,
      VisibilityTimeout,
    }: {
      ReceiptHandle: string;
      VisibilityTimeout: number;
    }) {
      withReceipt(ReceiptHandle).isHidden = VisibilityTimeout > 0;
      return {};
    },
    DeleteMessage({ ReceiptHandle }: { ReceiptHandle: string }) {
      state.messages = state.messages.filter((message) => message !== withReceipt(ReceiptHandle));
      return {};
    },
  });
  aws.serve(S3Client, {
    GetObject({ Bucket, Key, VersionId }: Record<string, string>) {
      const found = Bucket === BUCKET ? state.objects.get(`${Key} ${VersionId}`) : undefined;
      if (found instanceof Error) throw found;
      if (found === undefined) throw awsError('NoSuchKey', 'The specified key does not exist.', 404);
      return { Body: { transformToString: async () => found } };
    },
  });
  aws.serve(LambdaClient, {
    Invoke({ FunctionName, Payload }: { FunctionName: string; Payload: string }) {
      if (FunctionName !== LAMBDA)
        throw awsError('ResourceNotFoundException', `Function not found: ${FunctionName}`, 404);
      const event = JSON.parse(Payload) as { isRedriven: boolean; Records: ReturnType<typeof record>[] };
      const textOf = ({ dynamodb }: ReturnType<typeof record>) => dynamodb?.NewImage?.message?.S ?? '';
      state.invoked.push(event.Records.map(textOf));
      state.onInvoke();
      if (state.answer) return state.answer;
      const bad = event.Records.find((each) => state.poison.has(textOf(each)));
      const itemIdentifier = bad?.dynamodb?.SequenceNumber;
      // Without the mark the handler would park it again, and report nothing.
      const batchItemFailures = itemIdentifier === undefined || !event.isRedriven ? [] : [{ itemIdentifier }];
      return { StatusCode: 200, Payload: new TextEncoder().encode(JSON.stringify({ batchItemFailures })) };
    },
  });
  return state;
}
