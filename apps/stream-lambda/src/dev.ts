import { Logger } from '@aws-lambda-powertools/logger';
import { readOrExit, readStackEnv } from '@cruddur/config/env';
import { createDatabase } from '@cruddur/db';
import { createDynamoDb } from '@cruddur/ddb';
import { runStream } from '@cruddur/local';
import { waitForLocalStack } from '@cruddur/local/wait';
import { createHandler } from './create-handler.ts';
import { createIndexHandler } from './create-index-handler.ts';

// The entry of `npm run dev`: the Lambdas' own handlers, called by stream runners as AWS would call them.

const stack = readOrExit(readStackEnv);
const { region, tableName, dynamodb, postgres } = stack;
if (dynamodb.endpoint === undefined) {
  // On AWS the deployed Lambdas read the stream; more readers would only repeat their work.
  process.stdout.write('The table is on AWS: its own Lambdas move the group rows and keep the search index.\n');
  const alive = setInterval(() => undefined, 60_000);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => clearInterval(alive));
} else {
  // Until the database is migrated, too.
  await waitForLocalStack(stack);
  const table = { client: createDynamoDb({ region, ...dynamodb }), tableName };
  const logger = (serviceName: string) => new Logger({ serviceName, logLevel: 'WARN' });
  const { db } = createDatabase(postgres.url, { max: 1, applicationName: 'search-index-lambda' });
  runStream(stack, {
    rows: createHandler({ table, logger: logger('stream-lambda') }),
    index: createIndexHandler({ table, db, logger: logger('search-index-lambda') }),
  });
}
