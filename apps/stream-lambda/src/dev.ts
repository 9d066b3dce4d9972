import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { readOrExit, readStackEnv } from '@cruddur/config/env';
import { createDynamoDb } from '@cruddur/ddb';
import { createDynamoDbStreams, localFiles, startStreamRunner } from '@cruddur/local';
import { waitForLocalStack } from '@cruddur/local/wait';
import { createHandler } from './create-handler.ts';

// The entry of `npm run dev`: the Lambda's own handler, called by the stream runner as AWS would call it.

const stack = readOrExit(readStackEnv);
const { endpoint, embedded } = stack.dynamodb;
if (endpoint === undefined) {
  // On AWS the deployed Lambda reads the stream; a second reader would only repeat its work.
  process.stdout.write('The table is on AWS: its own Lambda moves the group rows.\n');
  const alive = setInterval(() => undefined, 60_000);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => clearInterval(alive));
} else {
  await waitForLocalStack(stack);
  const table = { client: createDynamoDb({ region: stack.region, endpoint, embedded }), tableName: stack.tableName };
  const files = localFiles(stack.localDataDir);
  mkdirSync(path.dirname(files.streamCheckpoint), { recursive: true });
  const runner = startStreamRunner({
    dynamodb: table.client,
    streams: createDynamoDbStreams({ region: stack.region, endpoint, embedded }),
    tableName: table.tableName,
    handler: createHandler({ table, logger: new Logger({ serviceName: 'stream-lambda', logLevel: 'WARN' }) }),
    checkpointFile: files.streamCheckpoint,
    deadLetterFile: files.streamDeadLetters,
    log: (line) => process.stderr.write(`stream: ${line}\n`),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void runner.stop().then(() => process.exit(0)));
  }
}
