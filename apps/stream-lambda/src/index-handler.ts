import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { databaseUrlOf } from '@cruddur/config/database-url';
import { createDatabase, createSignIn } from '@cruddur/db';
import { createDynamoDb } from '@cruddur/ddb';
import type { StreamHandler } from './create-handler.ts';
import { createIndexHandler } from './create-index-handler.ts';
import { readIndexEnv } from './env.ts';
import { parkAt } from './park/park-records.ts';

let warm: StreamHandler | undefined;

/** The Lambda that keeps the search index. Invocations share the clients that the first one created. */
export const handler: StreamHandler = (event, context) => {
  warm ??= fromEnv();
  return warm(event, context);
};

function fromEnv(): StreamHandler {
  const env = readIndexEnv();
  const url = databaseUrlOf(env);
  if (url === undefined) throw new Error('The environment is invalid. DATABASE_URL or DATABASE_HOST: is required');
  const serviceName = 'search-index-lambda';
  const logger = new Logger({ serviceName });
  const { db } = createDatabase(url, {
    getPassword: env.DATABASE_AUTH === 'iam' ? createSignIn(url, env.AWS_REGION) : undefined,
    // One invocation at a time runs in a process, and its statements follow each other.
    max: 1,
    applicationName: serviceName,
    onError: (error) => logger.warn('database connection lost', error),
  });
  return createIndexHandler({
    table: { client: createDynamoDb({ region: env.AWS_REGION, embedded: false }), tableName: env.DDB_TABLE },
    db,
    park: parkAt({ url: env.FAILED_RECORDS_URL, region: env.AWS_REGION }),
    logger,
    metrics: new Metrics({ namespace: 'CruddurMessages', serviceName }),
  });
}
