import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { withRedisPassword } from '@cruddur/config/redis-url';
import { createDynamoDb } from '@cruddur/ddb';
import { createHandler, type StreamHandler } from './create-handler.ts';
import { readLambdaEnv } from './env.ts';
import { parkAt } from './park/park-records.ts';
import { createPublishStored } from './publish-stored.ts';
import { createSqsQueue } from './push/sqs-queue.ts';
import { readSecret } from './read-secret.ts';

let warm: StreamHandler | undefined;

/** The Lambda on the table's stream. Invocations share the clients that the first one created. */
export const handler: StreamHandler = (event, context) => {
  warm ??= fromEnv();
  return warm(event, context);
};

function fromEnv(): StreamHandler {
  const env = readLambdaEnv();
  const serviceName = 'stream-lambda';
  const { AWS_REGION: region, PUSH_QUEUE_URL: queueUrl, FAILED_RECORDS_URL: url } = env;
  const { REDIS_URL: redisUrl, REDIS_SECRET_ID: secretId } = env;
  const logger = new Logger({ serviceName });
  return createHandler({
    table: { client: createDynamoDb({ region, embedded: false }), tableName: env.DDB_TABLE },
    queue: queueUrl === undefined ? undefined : createSqsQueue({ region, queueUrl }),
    park: parkAt({ url, region }),
    publish: redisUrl === undefined ? undefined : createPublishStored(() => signIn(redisUrl, secretId), logger),
    logger,
    metrics: new Metrics({ namespace: 'CruddurMessages', serviceName }),
  });
}

async function signIn(redisUrl: string, secretId: string | undefined): Promise<string> {
  return withRedisPassword(redisUrl, secretId && (await readSecret(secretId)));
}
