import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrateDatabase } from '@cruddur/db';
import { createDynamoDb, ensureTable, type TableRef, verifyTable } from '@cruddur/ddb';
import { type CognitoEngine, startCognito } from '@cruddur/local';
import type { AppRouter } from '@cruddur/server';
import { createTRPCClient, httpLink } from '@trpc/client';
import getPort from 'get-port';
import { v7 } from 'uuid';
import { expect, it } from 'vitest';
import { type Acknowledged, expectOnce, untilAnswered } from '../support/acknowledged.ts';
import { namedServices, signInAt } from '../support/cognito.ts';
import { createTestDatabase } from '../support/database.ts';
import { killInTurn, startDynamoDbVictim, startProgram } from '../support/processes.ts';

const REGION = 'ca-central-1';
const PEOPLE = ['ana', 'ben', 'cai', 'dora', 'emil', 'fay'];
/** Who writes to whom, each from two devices at once. */
const CONVERSATIONS = PEOPLE.flatMap((from, i) => [1, 2].map((step) => ({ from, to: PEOPLE[(i + step) % 6] ?? '' })));
const MESSAGES_EACH = 200;
const KILLING_MS = 30_000;

type Api = ReturnType<typeof createTRPCClient<AppRouter>>;

it(`loses and doubles nothing of ${CONVERSATIONS.length * MESSAGES_EACH} messages while servers, stream runner and DynamoDB are killed`, async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-crash-'));
  chmodSync(dir, 0o711);
  const [database, cognito] = await Promise.all([
    createTestDatabase(),
    startCognito({ dataDir: path.join(dir, 'cognito'), logFile: path.join(dir, 'cognito.log') }),
  ]);
  await migrateDatabase(database.url);
  const dynamodb = await startDynamoDbVictim({
    dataDir: path.join(dir, 'dynamodb'),
    logFile: path.join(dir, 'dynamodb.log'),
  });
  const { endpoint } = dynamodb;
  const table: TableRef = {
    client: createDynamoDb({ region: REGION, endpoint, embedded: true }),
    tableName: 'crash-test',
  };
  await ensureTable(table.client, table.tableName);
  const env = {
    ...namedServices({ cognito, databaseUrl: database.url, dynamodbEndpoint: endpoint, tableName: table.tableName }),
    LOCAL_DATA_DIR: dir,
    LOG_LEVEL: 'silent',
    RATE_LIMIT_FACTOR: '1000',
  };
  const ports = [await getPort({ host: '127.0.0.1' }), await getPort({ host: '127.0.0.1' })];
  const servers = ports.map((apiPort, i) =>
    startProgram(`server ${i + 1}`, 'apps/server/src/main.ts', { ...env, API_PORT: String(apiPort) }),
  );
  const runner = startProgram('stream runner', 'apps/stream-lambda/src/dev.ts', env);
  try {
    const apis = await Promise.all(PEOPLE.map((handle) => signIn(cognito, handle, ports)));
    await Promise.all(apis.map(([api]) => untilAnswered(() => api?.users.me.query())));
    const killing = new AbortController();
    const killer = killInTurn([...servers, runner, dynamodb], killing.signal);
    setTimeout(() => killing.abort(), KILLING_MS).unref();
    const acknowledged = await Promise.all(
      CONVERSATIONS.map(({ from, to }) => sendAll(apis[PEOPLE.indexOf(from)] ?? [], to)),
    );
    killing.abort();
    const kills = await killer;
    // Each was killed, or the test has shown nothing.
    expect(Object.keys(kills)).toHaveLength(4);
    await expectOnce(table, acknowledged.flat());
    await expect.poll(async () => (await verifyTable(table)).breaches, { timeout: 60_000, interval: 1000 }).toEqual([]);
  } finally {
    await Promise.all([...servers, runner].map((each) => each.stop()));
    await Promise.all([dynamodb.stop(), cognito.stop()]);
    table.client.destroy();
    await database.drop();
    await rm(dir, { recursive: true, force: true });
  }
}, 300_000);

/** Signs somebody in, and gives a client of each server instance. */
async function signIn(cognito: CognitoEngine, handle: string, ports: number[]): Promise<Api[]> {
  const { accessToken } = await signInAt(cognito, handle);
  const headers = { authorization: `Bearer ${accessToken}` };
  return ports.map((port) =>
    createTRPCClient<AppRouter>({ links: [httpLink({ url: `http://127.0.0.1:${port}/trpc`, headers })] }),
  );
}

/** Sends one message after the other, as a patient client does: the same id again until it is acknowledged. */
async function sendAll(apis: Api[], handle: string): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  for (let i = 0; i < MESSAGES_EACH; i++) {
    const [uuid, text] = [v7(), `Line ${i} to ${handle}`];
    let attempt = i;
    const message = await untilAnswered(() =>
      apis[attempt++ % apis.length]?.messages.create.mutate({ message: text, clientMessageUuid: uuid, handle }),
    );
    acknowledged.push({ uuid, text, message });
  }
  return acknowledged;
}
