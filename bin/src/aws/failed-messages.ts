import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';

/** SQS's limit for one call. */
export const BATCH = 10;
/** How long a received message is hidden from others, in seconds: far longer than a batch of them takes with all retries. */
const HIDDEN_SECONDS = 900;
/** Long polling: SQS then asks all its servers, so an empty answer means an empty queue. */
const WAIT_SECONDS = 20;

/** What was announced cannot be redriven, however often it is tried. */
export class RedriveError extends Error {
  override name = 'RedriveError';
}

/** A version of an object, in which Lambda stored failed records. */
export interface StoredObject {
  bucket: string;
  key: string;
  version: string | undefined;
}

/** A message of the queue that announces failed records. */
export interface Announcement {
  id: string;
  receipt: string;
  body: string;
}

/** The queue of announcements. What was received is hidden from others until it is deleted or released. */
export function openQueue(sqs: SQSClient, QueueUrl: string) {
  return {
    /** Estimates, by SQS. */
    async count(): Promise<{ waiting: number; hidden: number }> {
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
      );
      const [waiting, hidden] = AttributeNames.map((name) => Number(Attributes[name] ?? 0));
      return { waiting: waiting ?? 0, hidden: hidden ?? 0 };
    },

    /** None: the queue is empty. */
    async receive(most: number, abortSignal: AbortSignal): Promise<Announcement[]> {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: Math.min(most, BATCH),
        WaitTimeSeconds: WAIT_SECONDS,
        VisibilityTimeout: HIDDEN_SECONDS,
      });
      const { Messages = [] } = await sqs.send(command, { abortSignal });
      return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '' }: Message) => ({
        id: MessageId,
        receipt: ReceiptHandle,
        body: Body,
      }));
    },

    async delete({ receipt: ReceiptHandle }: Announcement): Promise<void> {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    },

    /** Lets others receive it at once. */
    async release({ receipt: ReceiptHandle }: Announcement): Promise<void> {
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    },
  };
}

const filled = z.string().min(1);

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html: keys are as they are. */
const eventBridgeSchema = z.object({
  source: z.literal('aws.s3'),
  detail: z.object({
    bucket: z.object({ name: filled }),
    object: z.object({ key: filled, 'version-id': z.string().optional() }),
  }),
});

/**
 * Of deployments before EventBridge. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html: keys are
 * encoded as in a form.
 */
const notificationSchema = z.object({
  Records: z
    .array(
      z.object({
        s3: z.object({
          bucket: z.object({ name: filled }),
          object: z.object({ key: filled, versionId: z.string().optional() }),
        }),
      }),
    )
    .min(1),
});

const testSchema = z.object({ Event: z.literal('s3:TestEvent') });

/**
 * The objects that a message announces; none for the test that S3 sent to older deployments.
 *
 * @throws {RedriveError} if it is something else
 */
export function readAnnouncement({ body }: Announcement): StoredObject[] {
  const content = parseJson(body);
  const event = eventBridgeSchema.safeParse(content);
  if (event.success) {
    const { bucket, object } = event.data.detail;
    return [{ bucket: bucket.name, key: object.key, version: object['version-id'] }];
  }
  const notification = notificationSchema.safeParse(content);
  if (notification.success) {
    return notification.data.Records.map(({ s3: { bucket, object } }) => ({
      bucket: bucket.name,
      key: decodeURIComponent(object.key.replaceAll('+', ' ')),
      version: object.versionId,
    }));
  }
  if (testSchema.safeParse(content).success) return [];
  throw new RedriveError('the message announces no object of S3');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
