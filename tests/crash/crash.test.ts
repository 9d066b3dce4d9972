import { chmodSync, existsSync, mkdtempSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrateDatabase } from '@cruddur/db';
import { createDynamoDb, ensureTable, type TableRef, verifyTable } from '@cruddur/ddb';
import { type CognitoEngine, localFiles, startCognito } from '@cruddur/local';
import { freePort } from '@cruddur/local/free-port';
import type { AppRouter } from '@cruddur/server';
import { createTRPCClient, httpLink } from '@trpc/client';
import { v7 } from 'uuid';
import { expect, it, vi } from 'vitest';
import { type Acknowledged, expectIndexed, expectOnce, retryUntilAnswered } from '../support/acknowledged.ts';
import { bundledProgram } from '../support/bundled-programs.ts';
import { namedServices, signInAt } from '../support/cognito.ts';
import { createTestDatabase } from '../support/database.ts';
import { crashRounds } from '../support/env.ts';
import { killInTurn, startDynamoDbVictim, startProgram, type Victim } from '../support/processes.ts';

const REGION = 'ca-central-1';
const PEOPLE = ['ana', 'ben', 'cai', 'dora', 'emil', 'fay'];
/** Each user writes to two others at the same time, as from two devices. */
const CONVERSATIONS = PEOPLE.flatMap((from, i) => [1, 2].map((step) => ({ from, to: PEOPLE[(i + step) % 6] ?? '' })));
/** How often each process is killed. */
const ROUNDS = crashRounds();
/** Minimum number of acknowledged messages between two kills. */
const MESSAGES_BETWEEN = 20;

type Api = ReturnType<typeof createTRPCClient<AppRouter>>;

it(
  'loses and duplicates no message while servers, stream runner and DynamoDB are killed under load',
  async () => {
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
    const ports = [await freePort(), await freePort()];
    const [serverFile, runnerFile] = await Promise.all([bundledProgram('server'), bundledProgram('stream-runner')]);
    const servers = ports.map((apiPort, i) =>
      startProgram(`server ${i + 1}`, serverFile, { ...env, API_PORT: String(apiPort) }, () => isHealthy(apiPort)),
    );
    const { streamCheckpoint } = localFiles(dir);
    const hasHandledSince = async (time: number) =>
      existsSync(streamCheckpoint) && (await stat(streamCheckpoint)).mtimeMs > time;
    const runner = startProgram('stream runner', runnerFile, env, hasHandledSince);
    try {
      const apis = await Promise.all(PEOPLE.map((handle) => signIn(cognito, handle, ports)));
      await Promise.all(apis.map(([api]) => retryUntilAnswered(() => api?.users.me.query())));
      const { kills, acknowledged } = await sendWhileKilling([...servers, runner, dynamodb], apis);
      expect(kills).toEqual({ 'server 1': ROUNDS, 'server 2': ROUNDS, 'stream runner': ROUNDS, DynamoDB: ROUNDS });
      await expectOnce(table, acknowledged);
      await expect
        .poll(async () => (await verifyTable(table)).breaches, { timeout: 60_000, interval: 1000 })
        .toEqual([]);
      await expectIndexed(database.url, acknowledged);
    } finally {
      await Promise.all([...servers, runner].map((each) => each.stop()));
      await Promise.all([dynamodb.stop(), cognito.stop()]);
      table.client.destroy();
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    }
  },
  60_000 + ROUNDS * 120_000,
);

/** Whether the server at a port answers. */
async function isHealthy(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
  } catch {
    return false;
  }
}

/** Signs a person in, and returns a client of each server instance. */
async function signIn(cognito: CognitoEngine, handle: string, ports: number[]): Promise<Api[]> {
  const { accessToken } = await signInAt(cognito, handle);
  const headers = { authorization: `Bearer ${accessToken}` };
  return ports.map((port) =>
    createTRPCClient<AppRouter>({ links: [httpLink({ url: `http://127.0.0.1:${port}/trpc`, headers })] }),
  );
}

/** Lets everyone send messages until each victim has been killed several times, and finishes the messages in flight. */
async function sendWhileKilling(victims: Victim[], apis: Api[][]) {
  const acknowledged: Acknowledged[] = [];
  const end = new AbortController();
  const underLoad = async () => {
    const enough = acknowledged.length + MESSAGES_BETWEEN * (1 + Math.random());
    const isEnough = () => {
      end.signal.throwIfAborted();
      return acknowledged.length >= enough;
    };
    await vi.waitUntil(isEnough, { timeout: 120_000, interval: 10 });
  };
  const killer = killInTurn(victims, { rounds: ROUNDS, underLoad });
  const senders = CONVERSATIONS.map(({ from, to }) =>
    sendUntil(end.signal, apis[PEOPLE.indexOf(from)] ?? [], to, acknowledged),
  );
  try {
    const [kills] = await Promise.all([killer.finally(() => end.abort()), ...senders]);
    return { kills, acknowledged };
  } finally {
    end.abort();
    // The killer must not restart what the caller is about to stop.
    await Promise.allSettled([killer]);
  }
}

/** Sends one message after the other. Retries each with the same id until it is acknowledged, as a client does. */
async function sendUntil(end: AbortSignal, apis: Api[], handle: string, acknowledged: Acknowledged[]): Promise<void> {
  for (let i = 0; !end.aborted; i++) {
    const [uuid, text] = [v7(), `Line ${i} to ${handle}`];
    let attempt = i;
    const message = await retryUntilAnswered(() =>
      apis[attempt++ % apis.length]?.messages.create.mutate({ message: text, clientMessageUuid: uuid, handle }),
    );
    acknowledged.push({ uuid, text, message });
  }
}
