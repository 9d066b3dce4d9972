import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { databaseUrlOf } from '@cruddur/config/database-url';
import { createDatabase } from '@cruddur/db';
import { createDynamoDb } from '@cruddur/ddb';
import type { StreamHandler } from './create-handler.ts';
import { createIndexHandler } from './create-index-handler.ts';
import { type IndexEnv, readIndexEnv } from './env.ts';
import { parkAt } from './park/park-records.ts';
import { readDatabaseSecret } from './read-secret.ts';

let warm: Promise<{ handle: StreamHandler; close: () => Promise<void> }> | undefined;

/** The Lambda that keeps the search index. Invocations share the clients that the first one created. */
export const handler: StreamHandler = async (event, context) => {
  warm ??= fromEnv();
  const { handle, close } = await warm.catch((error: unknown) => {
    // The next invocation reads the secret again.
    warm = undefined;
    throw error;
  });
  const result = await handle(event, context);
  if (result.batchItemFailures.length > 0) {
    // The password may have been rotated: the next invocation reads that again, too. It does not wait for a broken connection.
    warm = undefined;
    void close();
  }
  return result;
};

async function fromEnv() {
  const env = readIndexEnv();
  const { AWS_REGION: region, FAILED_RECORDS_URL: url } = env;
  const serviceName = 'search-index-lambda';
  const logger = new Logger({ serviceName });
  const onError = (error: Error) => logger.warn('database connection lost', error);
  // One invocation at a time runs in a process, and its statements follow each other.
  const { db, close } = createDatabase(await readDatabaseUrl(env), { max: 1, applicationName: serviceName, onError });
  const handle = createIndexHandler({
    table: { client: createDynamoDb({ region, embedded: false }), tableName: env.DDB_TABLE },
    db,
    park: parkAt({ url, region }),
    logger,
    metrics: new Metrics({ namespace: 'CruddurMessages', serviceName }),
  });
  return { handle, close };
}

async function readDatabaseUrl({ DATABASE_SECRET_ID: secretId, ...vars }: IndexEnv): Promise<string> {
  const secret = secretId === undefined ? undefined : await readDatabaseSecret(secretId);
  const url = databaseUrlOf(
    secret ? { ...vars, DATABASE_USER: secret.username, DATABASE_PASSWORD: secret.password } : vars,
  );
  if (url === undefined) throw new Error('The environment is invalid. DATABASE_URL or DATABASE_HOST: is required');
  return url;
}
