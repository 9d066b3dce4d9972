import { pathToFileURL } from 'node:url';
import { readOrExit, readStackEnv } from '@cruddur/config/env';
import { createDynamoDb } from '@cruddur/ddb';
import { localFiles } from '../local-files.ts';
import type { LambdaHandler } from '../stream-runner/read-stream.ts';
import { startStreamRunner } from '../stream-runner/start-stream-runner.ts';
import { createDynamoDbStreams } from '../stream-runner/stream-api.ts';

// The stream runner of `npm start`: calls the bundled Lambda, which takes all that it needs from its environment.

const stack = readOrExit(readStackEnv);
const { endpoint, embedded } = stack.dynamodb;
if (endpoint === undefined) throw new Error('AWS_ENDPOINT_URL_DYNAMODB is missing');
const { handler }: { handler: LambdaHandler } = await import(pathToFileURL(process.argv[2] ?? '').href);
const files = localFiles(stack.localDataDir);
const runner = startStreamRunner({
  dynamodb: createDynamoDb({ region: stack.region, endpoint, embedded }),
  streams: createDynamoDbStreams({ region: stack.region, endpoint, embedded }),
  tableName: stack.tableName,
  handler,
  checkpointFile: files.streamCheckpoint,
  deadLetterFile: files.streamDeadLetters,
  log: (line) => process.stderr.write(`stream: ${line}\n`),
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void runner.stop().then(() => process.exit(0)));
}
