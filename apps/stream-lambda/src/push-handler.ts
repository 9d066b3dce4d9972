import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { parsePushServices } from '@cruddur/config/push-services';
import { parseVapidKeys, type VapidKeys } from '@cruddur/config/vapid-keys';
import { createClock, createDynamoDb } from '@cruddur/ddb';
import { type PushEnv, readPushEnv } from './env.ts';
import { createPushHandler, type PushHandler } from './push/create-push-handler.ts';
import { createSqsQueue } from './push/sqs-queue.ts';
import { readSecret } from './read-secret.ts';

/** After this the keys are read again: they may have been rotated. New devices have the new one once the API is deployed. */
const KEYS_MS = 5 * 60_000;

let warm: { handle: Promise<PushHandler>; until: number } | undefined;

/** The Lambda that sends pushes. Invocations share the clients that the first one created. */
export const handler: PushHandler = async (event) => {
  if (!warm || warm.until < Date.now()) warm = { handle: fromEnv(), until: Date.now() + KEYS_MS };
  const handle = await warm.handle.catch((error: unknown) => {
    // The next invocation reads the secret again.
    warm = undefined;
    throw error;
  });
  return handle(event);
};

async function fromEnv(): Promise<PushHandler> {
  const env = readPushEnv();
  const { AWS_REGION: region, DDB_TABLE: tableName, PUSH_QUEUE_URL: queueUrl } = env;
  const serviceName = 'push-lambda';
  const logger = new Logger({ serviceName });
  const onMalformedItem = (error: Error) => logger.warn('malformed item skipped', error);
  return createPushHandler({
    table: { client: createDynamoDb({ region, embedded: false }), tableName, clock: createClock(), onMalformedItem },
    queue: createSqsQueue({ region, queueUrl }),
    keys: await readKeys(env),
    subject: env.VAPID_SUBJECT,
    services: parsePushServices(env.PUSH_SERVICES),
    logger,
    metrics: new Metrics({ namespace: 'CruddurMessages', serviceName }),
  });
}

async function readKeys({ VAPID_KEYS: json, VAPID_SECRET_ID: secretId }: PushEnv): Promise<VapidKeys> {
  const keys = parseVapidKeys(json ?? (secretId === undefined ? '' : await readSecret(secretId)));
  if (!keys) throw new Error('There are no VAPID keys: bin/push/keys creates them');
  return keys;
}
