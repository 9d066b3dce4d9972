import { Logger } from '@aws-lambda-powertools/logger';
import { readOrExit, readStackEnv } from '@cruddur/config/env';
import { createDynamoDb } from '@cruddur/ddb';
import { runStream } from '@cruddur/local';
import { waitForLocalStack } from '@cruddur/local/wait';
import { createHandler } from './create-handler.ts';

// The entry of `npm run dev`: the Lambda's own handler, called by the stream runner as AWS would call it.

const stack = readOrExit(readStackEnv);
const { region, tableName, dynamodb } = stack;
if (dynamodb.endpoint === undefined) {
  // On AWS the deployed Lambda reads the stream; a second reader would only repeat its work.
  process.stdout.write('The table is on AWS: its own Lambda moves the group rows.\n');
  const alive = setInterval(() => undefined, 60_000);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => clearInterval(alive));
} else {
  await waitForLocalStack(stack);
  const table = { client: createDynamoDb({ region, ...dynamodb }), tableName };
  const logger = new Logger({ serviceName: 'stream-lambda', logLevel: 'WARN' });
  runStream(stack, createHandler({ table, logger }));
}
