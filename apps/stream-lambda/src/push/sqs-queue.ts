import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { JobEntry, JobQueue } from './job-queue.ts';

/** SQS's limit for one call. */
const BATCH = 10;
/**
 * Of an attempt, in milliseconds. The stream waits meanwhile, so there are few; but what they fail to queue is lost, and the first
 * connection of a small or busy machine takes more than a second.
 */
const TIMEOUT_MS = 3000;
const ATTEMPTS_MAX = 3;

/** Sends jobs to a queue of SQS, at the address that its URL has. */
export function createSqsQueue({ region, queueUrl }: { region: string; queueUrl: string }): JobQueue {
  const client = new SQSClient({
    region,
    endpoint: new URL(queueUrl).origin,
    useQueueUrlAsEndpoint: false,
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: { connectionTimeout: TIMEOUT_MS, requestTimeout: TIMEOUT_MS, throwOnRequestTimeout: true },
  });
  async function sendBatch(entries: readonly JobEntry[]): Promise<void> {
    const Entries = entries.map(({ body, delaySeconds }, index) => ({
      Id: String(index),
      MessageBody: body,
      DelaySeconds: delaySeconds,
    }));
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    const [failed] = Failed;
    if (failed) throw new Error(`SQS refused ${Failed.length} of ${entries.length} jobs: ${failed.Code}`);
  }
  return {
    async send(entries) {
      const batches = [];
      for (let i = 0; i < entries.length; i += BATCH) batches.push(sendBatch(entries.slice(i, i + BATCH)));
      await Promise.all(batches);
    },
  };
}
