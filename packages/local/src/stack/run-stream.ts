import type { StackEnv } from '@cruddur/config/env';
import { createDynamoDb } from '@cruddur/ddb';
import type { LambdaHandler } from '../stream-runner/read-stream.ts';
import { startStreamRunner } from '../stream-runner/start-stream-runner.ts';
import { createDynamoDbStreams } from '../stream-runner/stream-api.ts';
import { localFiles } from './local-files.ts';

/** Calls a handler with the records of a stack's table until a signal ends this process. */
export function runStream({ region, tableName, dynamodb, localDataDir }: StackEnv, handler: LambdaHandler): void {
  const files = localFiles(localDataDir);
  const runner = startStreamRunner({
    dynamodb: createDynamoDb({ region, ...dynamodb }),
    streams: createDynamoDbStreams({ region, ...dynamodb }),
    tableName,
    handler,
    checkpointFile: files.streamCheckpoint,
    deadLetterFile: files.streamDeadLetters,
    log: (line) => process.stderr.write(`stream: ${line}\n`),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void runner.stop().then(() => process.exit(0)));
  }
}
