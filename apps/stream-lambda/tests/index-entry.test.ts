import { randomUUID } from 'node:crypto';
import { createSignIn, ensureRoles } from '@cruddur/db';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { eventOf, lambdaContext } from '../../../tests/support/stream.ts';
import { handler } from '../src/index-handler.ts';
import { expectIndexed, find, openIndexDatabase, startConversation } from './indexed-conversation.ts';

let database: Awaited<ReturnType<typeof openIndexDatabase>>;
const suffix = randomUUID().slice(0, 8);
const roles = { api: `api_${suffix}`, index: `index_${suffix}` };

beforeAll(async () => {
  database = await openIndexDatabase();
  await ensureRoles(database.url, roles);
});
afterAll(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  for (const role of Object.values(roles)) await database.pool.query(`drop owned by ${role}; drop role ${role}`);
  await database.drop();
});

/** PostgreSQL plays Amazon RDS: from now on it accepts only the token of this time. Ends the role's connections. */
async function acceptOnlyTokenOf(now: string, region: string): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) });
  const url = new URL(database.url);
  url.username = roles.index;
  const token = await createSignIn(url.href, region)();
  await database.pool.query(`alter role ${roles.index} password '${token}'`);
  await database.pool.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [roles.index]);
}

it('the Lambda signs in with its own role and a token, and with a new one when its connection was lost', async () => {
  const chat = await startConversation(database);
  const { hostname, port, pathname } = new URL(database.url);
  const region = String(await chat.store.client.config.region());
  for (const [name, value] of Object.entries({
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: inject('dynamodbEndpoint'),
    DDB_TABLE: chat.store.tableName,
    DATABASE_AUTH: 'iam',
    DATABASE_HOST: hostname,
    DATABASE_PORT: port,
    DATABASE_NAME: pathname.slice(1),
    DATABASE_USER: roles.index,
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  })) {
    vi.stubEnv(name, value);
  }
  const records = await chat.readStream();
  const failuresOf = async () => (await handler(eventOf(records), lambdaContext)).batchItemFailures;
  expect(await failuresOf()).toHaveLength(1);
  await acceptOnlyTokenOf('2026-11-27T12:00:00Z', region);
  await expectIndexed(handler, records);
  expect(await find(database, chat.ben, 'hello')).toHaveLength(1);

  await acceptOnlyTokenOf('2026-11-27T12:20:00Z', region);
  // The process may learn of the lost connection by the batch that it fails.
  await expect.poll(failuresOf).toEqual([]);
});
