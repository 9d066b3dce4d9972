import { pathToFileURL } from 'node:url';
import { Logger } from '@aws-lambda-powertools/logger';
import { processEnv, readOrExit, readStackEnv } from '@cruddur/config/env';
import { parsePushServices } from '@cruddur/config/push-services';
import { createVapidKeys, LOCAL_VAPID_SUBJECT, readLocalVapidKeys } from '@cruddur/config/vapid-keys';
import { createDatabase } from '@cruddur/db';
import { createClock, createDynamoDb } from '@cruddur/ddb';
import { localFiles, runStream, startPushQueue } from '@cruddur/local';
import { waitForLocalStack } from '@cruddur/local/wait';
import { createHandler } from './create-handler.ts';
import { createIndexHandler } from './create-index-handler.ts';
import { parkAt } from './park/park-records.ts';
import { createPublishStored } from './publish-stored.ts';
import { createPushHandler, type PushHandler } from './push/create-push-handler.ts';

// The entry of `npm run dev`: the Lambdas' own handlers, called by stream runners as AWS would call them.

const stack = readOrExit(readStackEnv);
const { region, tableName, dynamodb, postgres, localDataDir } = stack;
if (dynamodb.endpoint === undefined) {
  // On AWS the deployed Lambdas read the stream; more readers would only repeat their work.
  process.stdout.write(
    'The table is on AWS: its own Lambdas move the group rows, keep the search index and send pushes.\n',
  );
  const alive = setInterval(() => undefined, 60_000);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => clearInterval(alive));
} else {
  // Until the database is migrated, too.
  await waitForLocalStack(stack);
  const table = { client: createDynamoDb({ region, ...dynamodb }), tableName };
  const logger = (serviceName: string) => new Logger({ serviceName, logLevel: 'WARN' });
  const { db } = createDatabase(postgres.url, { max: 1, applicationName: 'search-index-lambda' });
  const keys = readLocalVapidKeys(localDataDir);
  // A push that must be repeated goes back into the queue.
  const queue = startPushQueue(stack, (event) => sendPushes(event));
  const sendPushes: PushHandler = createPushHandler({
    table: { ...table, clock: createClock() },
    queue,
    keys: keys ?? createVapidKeys(),
    subject: LOCAL_VAPID_SUBJECT,
    services: parsePushServices(processEnv().PUSH_SERVICES),
    logger: logger('push-lambda'),
  });
  const park = parkAt({ url: pathToFileURL(localFiles(localDataDir).failedRecords).href, region });
  const { redisUrl } = stack;
  const publish =
    redisUrl === undefined ? undefined : createPublishStored(async () => redisUrl, logger('stream-lambda'));
  const handlers = {
    rows: createHandler({ table, queue: keys && queue, publish, park, logger: logger('stream-lambda') }),
    index: createIndexHandler({ table, db, park, logger: logger('search-index-lambda') }),
  };
  runStream(stack, handlers, queue);
}
