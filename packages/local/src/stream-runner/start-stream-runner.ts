import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { STREAM_BATCH_SIZE } from '@cruddur/config';
import { backoffMs, sleep } from './backoff.ts';
import { createStreamReader, type LambdaHandler } from './read-stream.ts';

// As often as Lambda polls a shard: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
const POLL_INTERVAL_MS = 250;

/** How to start a stream runner. */
export interface StreamRunnerOptions {
  dynamodb: DynamoDBClient;
  streams: DynamoDBStreamsClient;
  tableName: string;
  /** Called with up to `batchSize` new messages at a time, as Lambda calls it. */
  handler: LambdaHandler;
  /** The file that keeps the progress from one run to the next. */
  checkpointFile: string;
  /** The file for records that cannot be handled, one line of JSON each. */
  deadLetterFile: string;
  functionName?: string;
  batchSize?: number;
  /** Wait after a read that found nothing; 250 by default. */
  pollIntervalMs?: number;
  /** How often a batch, and then a single record, is retried before it becomes a dead letter. */
  maximumRetryAttempts?: number;
  log?: (line: string) => void;
}

/** A running stream runner. */
export interface StreamRunner {
  /** Stops reading once the handler's current call has returned. */
  stop(): Promise<void>;
  /** Resolves when everything written before this call has been handled; rejects when the runner is stopped first. */
  idle(): Promise<void>;
}

/**
 * Reads a table's stream and calls a handler with its new messages, as Lambda's event source mapping does: shards in
 * order, batches in order, at least once. It waits for a table that is missing or recreated, and for an engine that does
 * not answer.
 *
 * @example
 * const runner = startStreamRunner({ dynamodb, streams, tableName, handler, checkpointFile, deadLetterFile });
 * await runner.idle();
 * await runner.stop();
 */
export function startStreamRunner(options: StreamRunnerOptions): StreamRunner {
  const stopped = new AbortController();
  const { signal } = stopped;
  const { pollIntervalMs = POLL_INTERVAL_MS, log = () => undefined } = options;
  const reader = createStreamReader({
    functionName: 'cruddur-messaging-stream',
    batchSize: STREAM_BATCH_SIZE,
    maximumRetryAttempts: 10,
    ...options,
    pollIntervalMs,
    log,
    signal,
  });
  let round = 0;
  let caughtUpRound = 0;

  async function run(): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      round++;
      try {
        const isCaughtUp = await reader.readRound();
        if (failures > 0) log('Reading the stream again.');
        failures = 0;
        if (!isCaughtUp) continue;
        caughtUpRound = round;
        await sleep(pollIntervalMs, signal);
      } catch (error) {
        if (signal.aborted) break;
        failures++;
        if (failures === 1) log(`Reading the stream failed and is retried: ${messageOf(error)}`);
        await sleep(backoffMs(failures), signal);
      }
    }
  }

  const done = run();
  return {
    async stop() {
      stopped.abort();
      await done;
    },
    async idle() {
      // The current round may have read before this call.
      for (const current = round; caughtUpRound <= current; await sleep(5, signal)) signal.throwIfAborted();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
