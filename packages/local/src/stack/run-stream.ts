import { INDEX_RETRIES } from '@cruddur/config';
import type { StackEnv } from '@cruddur/config/env';
import { createDynamoDb } from '@cruddur/ddb';
import { type LocalQueue, type QueueOptions, startQueue } from '../queue/start-queue.ts';
import { passesIndexFilters, passesRowFilters } from '../stream-runner/filters.ts';
import type { LambdaHandler } from '../stream-runner/read-stream.ts';
import { startStreamRunner } from '../stream-runner/start-stream-runner.ts';
import { createDynamoDbStreams } from '../stream-runner/stream-api.ts';
import { localFiles } from './local-files.ts';

/** The handlers of the table's stream. Each has its own progress, so that neither waits for the other. */
export interface StreamHandlers {
  /** Moves group rows. */
  rows: LambdaHandler;
  /** Keeps the search index. */
  index: LambdaHandler;
}

/** Starts the queue of a stack's pushes. */
export const startPushQueue = ({ localDataDir }: StackEnv, handler: QueueOptions['handler']): LocalQueue =>
  startQueue({ handler, deadLetterFile: localFiles(localDataDir).pushDeadLetters, log: logAs('push') });

const logAs = (name: string) => (line: string) => process.stderr.write(`${name}: ${line}\n`);

/** Calls handlers with the records of a stack's table until a signal ends this process. */
export function runStream(
  { region, tableName, dynamodb, localDataDir }: StackEnv,
  handlers: StreamHandlers,
  queue: LocalQueue,
): void {
  const files = localFiles(localDataDir);
  const table = {
    dynamodb: createDynamoDb({ region, ...dynamodb }),
    streams: createDynamoDbStreams({ region, ...dynamodb }),
    tableName,
  };
  const runners = [
    startStreamRunner({
      ...table,
      handler: handlers.rows,
      passesFilters: passesRowFilters,
      checkpointFile: files.streamCheckpoint,
      deadLetterFile: files.streamDeadLetters,
      log: logAs('stream'),
    }),
    startStreamRunner({
      ...table,
      handler: handlers.index,
      passesFilters: passesIndexFilters,
      maximumRetryAttempts: INDEX_RETRIES,
      checkpointFile: files.indexCheckpoint,
      deadLetterFile: files.indexDeadLetters,
      log: logAs('search index'),
    }),
  ];
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(
      signal,
      () => void Promise.all([...runners, queue].map((each) => each.stop())).then(() => process.exit(0)),
    );
  }
}
