import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ensureRole } from '@cruddur/db';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { eventOf, lambdaContext } from '../../../tests/support/stream.ts';
import { handler } from '../src/index-handler.ts';
import { expectIndexed, find, openIndexDatabase, startConversation } from './indexed-conversation.ts';

/** What Secrets Manager answers, as it does by its HTTP API. */
let secret: { status: number; body: object };
const asked: unknown[] = [];
let secretsManager: Server;
let database: Awaited<ReturnType<typeof openIndexDatabase>>;
/** The server's. */
const role = `role_${randomUUID().slice(0, 8)}`;

/** Changes the role's password, and ends its connections, as they end by themselves after some seconds. */
async function rotatePassword(): Promise<void> {
  const password = randomUUID();
  await database.pool.query(`alter role ${role} password '${password}'`);
  await database.pool.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [role]);
  secret = { status: 200, body: { SecretString: JSON.stringify({ username: role, password, engine: 'postgres' }) } };
}

beforeAll(async () => {
  database = await openIndexDatabase();
  await ensureRole(database.url, { name: role, password: 'the first' });
  secretsManager = createServer((request, response) => {
    request.setEncoding('utf8').once('data', (body: string) => asked.push(JSON.parse(body)));
    request.once('end', () => {
      response.writeHead(secret.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(secret.body));
    });
  });
  await new Promise<void>((resolve) => secretsManager.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  secretsManager.close();
  await database.pool.query(`drop owned by ${role}; drop role ${role}`);
  await database.drop();
});

it('the Lambda connects with the user and password of a secret, which it reads again after a failure', async () => {
  const chat = await startConversation(database);
  const { hostname, port, pathname } = new URL(database.url);
  for (const [name, value] of Object.entries({
    AWS_REGION: await chat.store.client.config.region(),
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: inject('dynamodbEndpoint'),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(secretsManager.address() as AddressInfo).port}`,
    DDB_TABLE: chat.store.tableName,
    DATABASE_HOST: hostname,
    DATABASE_PORT: port,
    DATABASE_NAME: pathname.slice(1),
    DATABASE_SECRET_ID: 'secret of the server',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  })) {
    vi.stubEnv(name, value);
  }
  const records = await chat.readStream();
  secret = { status: 400, body: { __type: 'ResourceNotFoundException', message: 'no such secret' } };
  await expect(handler(eventOf(records), lambdaContext)).rejects.toThrow('no such secret');
  await rotatePassword();
  await expectIndexed(handler, records);
  expect(await find(database, chat.ben, 'hello')).toHaveLength(1);
  await expectIndexed(handler, records);
  expect(asked).toEqual(Array(2).fill({ SecretId: 'secret of the server' }));

  await rotatePassword();
  const { batchItemFailures } = await handler(eventOf(records), lambdaContext);
  expect(batchItemFailures).toHaveLength(1);
  await expectIndexed(handler, records);
});
