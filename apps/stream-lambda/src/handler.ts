import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { createDynamoDb } from '@cruddur/ddb';
import { createHandler, type StreamHandler } from './create-handler.ts';
import { readLambdaEnv } from './env.ts';
import { parkAt } from './park/park-records.ts';
import { createSqsQueue } from './push/sqs-queue.ts';

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
  return createHandler({
    table: { client: createDynamoDb({ region, embedded: false }), tableName: env.DDB_TABLE },
    queue: queueUrl === undefined ? undefined : createSqsQueue({ region, queueUrl }),
    park: parkAt({ url, region }),
    logger: new Logger({ serviceName }),
    metrics: new Metrics({ namespace: 'CruddurMessages', serviceName }),
  });
}
