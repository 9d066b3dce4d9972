import { createHash, randomUUID } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

export interface QueueOptions {
  /** A Lambda that reports the messages of a batch that failed. */
  handler: (event: SQSEvent) => Promise<SQSBatchResponse>;
  /** Receives messages that failed each time, one line of JSON each. */
  deadLetterFile: string;
  log: (line: string) => void;
  /** How long a message that failed waits for its next attempt. */
  visibilityTimeoutMs?: number;
  maxReceiveCount?: number;
}

/** A queue of this process, with the rules of SQS. What waits in it is gone at the end of the process. */
export interface LocalQueue {
  send(entries: readonly { body: string; delaySeconds: number }[]): Promise<void>;
  /** Messages that wait or are being handled. */
  size(): number;
  /** Receives nothing more. Resolves once the handler's calls have returned. */
  stop(): Promise<void>;
}

// As infra/src/push declares them.
const VISIBILITY_MS = 180_000;
const MAX_RECEIVE_COUNT = 5;
const BATCH = 10;
/** Calls of the handler in parallel. */
const CONCURRENCY = 5;
/** Longest that a timer of Node can wait. */
const TIMER_MAX_MS = 2 ** 31 - 1;

interface Message {
  id: string;
  body: string;
  receiveCount: number;
  visibleAt: number;
}

/**
 * Starts a queue that calls a handler with batches of its messages, as SQS and Lambda do: at least once, in no particular order,
 * several batches in parallel, and a failed message again later, up to a limit.
 */
export function startQueue(options: QueueOptions): LocalQueue {
  const { handler, log, visibilityTimeoutMs = VISIBILITY_MS, maxReceiveCount = MAX_RECEIVE_COUNT } = options;
  const waiting = new Set<Message>();
  const running = new Set<Promise<void>>();
  let underWay = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  function receive(): void {
    clearTimeout(timer);
    while (!isStopped && running.size < CONCURRENCY) {
      const now = Date.now();
      const batch = [...waiting].filter(({ visibleAt }) => visibleAt <= now).slice(0, BATCH);
      if (batch.length === 0) break;
      for (const message of batch) waiting.delete(message);
      underWay += batch.length;
      const run = handle(batch).finally(() => {
        running.delete(run);
        underWay -= batch.length;
        receive();
      });
      running.add(run);
    }
    if (isStopped || waiting.size === 0 || running.size === CONCURRENCY) return;
    const next = Math.min(...[...waiting].map(({ visibleAt }) => visibleAt));
    timer = setTimeout(receive, Math.min(Math.max(0, next - Date.now()), TIMER_MAX_MS));
  }

  async function handle(batch: Message[]): Promise<void> {
    for (const message of batch) message.receiveCount++;
    const failed = await failuresOf(batch);
    for (const message of batch.filter(({ id }) => failed.has(id))) {
      if (message.receiveCount >= maxReceiveCount) await addDeadLetter(options, message);
      else waiting.add({ ...message, visibleAt: Date.now() + visibilityTimeoutMs });
    }
  }

  async function failuresOf(batch: Message[]): Promise<ReadonlySet<string>> {
    try {
      const { batchItemFailures } = await handler({ Records: batch.map(toRecord) });
      return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    } catch (error) {
      log(`The handler threw on ${batch.length} messages: ${error instanceof Error ? error.message : String(error)}`);
      return new Set(batch.map(({ id }) => id));
    }
  }

  return {
    async send(entries) {
      for (const { body, delaySeconds } of entries) {
        const visibleAt = Date.now() + delaySeconds * 1000;
        waiting.add({ id: randomUUID(), body, receiveCount: 0, visibleAt });
      }
      receive();
    },
    size: () => waiting.size + underWay,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await Promise.all(running);
    },
  };
}

export const md5Of = (body: string): string => createHash('md5').update(body).digest('hex');

function toRecord({ id, body, receiveCount }: Message): SQSRecord {
  return {
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(Date.now()),
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: String(Date.now()),
    },
    messageAttributes: {},
    md5OfBody: md5Of(body),
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:local:000000000000:push',
    awsRegion: 'local',
  };
}

async function addDeadLetter({ deadLetterFile, log }: QueueOptions, { body, receiveCount }: Message): Promise<void> {
  await mkdir(path.dirname(deadLetterFile), { recursive: true });
  await appendFile(deadLetterFile, `${JSON.stringify({ time: new Date().toISOString(), receiveCount, body })}\n`);
  log(`A message of the queue failed ${receiveCount} times and was written to ${deadLetterFile}`);
}
