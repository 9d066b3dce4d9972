import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { _Record, DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { STREAM_BATCH_SIZE } from '@cruddur/config';
import { messageGroupUuidOf } from '@cruddur/ddb';
import { openCheckpoint } from './checkpoint.ts';
import { createOutage } from './outage.ts';
import type { StreamHandler, StreamRun } from './run.ts';
import { sleep } from './sleep.ts';
import { createStreamApi } from './stream-api.ts';
import { walkStream } from './walk-stream.ts';

// As often as an event source mapping of Lambda polls a shard: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
const POLL_INTERVAL_MS = 250;

/** How to start a stream runner. */
export interface StreamRunnerOptions {
  dynamodb: DynamoDBClient;
  streams: DynamoDBStreamsClient;
  tableName: string;
  /** Called with up to `batchSize` new messages at a time, as Lambda calls it. */
  handler: StreamHandler;
  /** The file that keeps the progress from one run to the next. */
  checkpointFile: string;
  /** The file for records that cannot be handled, one line of JSON each. */
  failureFile: string;
  functionName?: string;
  batchSize?: number;
  /** How long to wait after a read that found nothing: 250 when left out. */
  pollIntervalMs?: number;
  /** How often a batch, and then a single record, is tried again before it is set aside. */
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
 * order, batches in order, at least once. It waits for a table that is missing or recreated, and for an
 * engine that does not answer.
 *
 * @example
 * const runner = startStreamRunner({ dynamodb, streams, tableName, handler, checkpointFile, failureFile });
 * await runner.idle();
 * await runner.stop();
 */
export function startStreamRunner(options: StreamRunnerOptions): StreamRunner {
  const stopped = new AbortController();
  const { signal } = stopped;
  const { log = () => undefined } = options;
  let ticks = 0;
  const run: StreamRun = {
    api: createStreamApi(options, signal),
    checkpoint: openCheckpoint(options.checkpointFile, log),
    handler: options.handler,
    functionName: options.functionName ?? 'cruddur-messaging-stream',
    failureFile: options.failureFile,
    batchSize: options.batchSize ?? STREAM_BATCH_SIZE,
    pollIntervalMs: options.pollIntervalMs ?? POLL_INTERVAL_MS,
    maximumRetryAttempts: options.maximumRetryAttempts ?? 10,
    filter: isNewMessage,
    log,
    outage: createOutage(log),
    tick: () => ++ticks,
    signal,
  };
  const walk = walkStream(run);
  return {
    async stop() {
      stopped.abort();
      await walk.done;
    },
    async idle() {
      const since = run.tick();
      walk.lookNow();
      while (!walk.isCaughtUp(since)) {
        signal.throwIfAborted();
        await sleep(5, signal);
      }
    },
  };
}

/** The same filter as the event source mapping's on AWS: only items of messages, and only when they are new. */
function isNewMessage({ eventName, dynamodb }: _Record): boolean {
  return eventName === 'INSERT' && messageGroupUuidOf(dynamodb?.Keys?.pk?.S ?? '') !== undefined;
}
