import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrateDatabase } from '@cruddur/db';
import { ensureTable, type TableRef } from '@cruddur/ddb';
import type { CognitoEngine } from '@cruddur/local';
import { freePort } from '@cruddur/local/free-port';
import type { AppRouter } from '@cruddur/server';
import { createTRPCClient, httpLink } from '@trpc/client';
import { inject } from 'vitest';
import { retryUntilAnswered } from '../../support/acknowledged.ts';
import { bundledProgram } from '../../support/bundled-programs.ts';
import { namedServices, signInAt } from '../../support/cognito.ts';
import { type CuttableProxy, startCuttableProxy } from '../../support/cuttable-proxy.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createTestDynamoDb } from '../../support/dynamodb.ts';
import { startProgram, type Victim } from '../../support/processes.ts';

export type Api = ReturnType<typeof createTRPCClient<AppRouter>>;

/** A signed-in user. */
export interface Caller {
  accessToken: string;
  /** The API at each server instance. */
  apis: [Api, Api];
}

/** Two server instances and a stream runner in separate processes, with store connections that can be cut or slowed. */
export interface System {
  servers: [ServerInstance, ServerInstance];
  postgres: CuttableProxy;
  dynamodb: CuttableProxy;
  /** The table without the proxy in between. */
  table: TableRef;
  runner: { stop: () => Promise<void>; start: () => void };
  /** Starts another instance, with a direct connection to the stores. */
  startServer: (env: Record<string, string>) => Promise<ServerInstance>;
  signIn: (handle: string) => Promise<Caller>;
  /** Signs users in, and makes both instances cache them. */
  signInKnown: (...handles: string[]) => Promise<Caller[]>;
  stop: () => Promise<void>;
}

export interface ServerInstance {
  url: string;
  process: Victim;
}

/** Starts a system on a new table and a new database. */
export async function startSystem(cognito: CognitoEngine): Promise<System> {
  const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-faults-'));
  const database = await createTestDatabase();
  await migrateDatabase(database.url);
  const [postgres, dynamodb] = await Promise.all([
    startCuttableProxy(database.url),
    startCuttableProxy(inject('dynamodbEndpoint')),
  ]);
  const client = createTestDynamoDb();
  const table: TableRef = { client, tableName: `test-${randomUUID()}` };
  await ensureTable(client, table.tableName);
  const named = { cognito, databaseUrl: postgres.url, dynamodbEndpoint: new URL(dynamodb.url).origin };
  const env = {
    ...namedServices({ ...named, tableName: table.tableName }),
    LOCAL_DATA_DIR: dir,
    LOG_LEVEL: 'silent',
    RATE_LIMIT_FACTOR: '1000',
  };
  const servers: [ServerInstance, ServerInstance] = [await startServer(env), await startServer(env)];
  const others: ServerInstance[] = [];
  const runnerFile = await bundledProgram('stream-runner');
  const startRunner = () => startProgram('stream runner', runnerFile, env);
  let runner = startRunner();
  const signIn = async (handle: string): Promise<Caller> => {
    const { accessToken } = await signInAt(cognito, handle);
    return { accessToken, apis: [apiAt(servers[0].url, accessToken), apiAt(servers[1].url, accessToken)] };
  };
  return {
    servers,
    postgres,
    dynamodb,
    table,
    runner: {
      stop: () => runner.stop(),
      start() {
        runner = startRunner();
      },
    },
    async startServer(more) {
      const direct = { DATABASE_URL: database.url, AWS_ENDPOINT_URL_DYNAMODB: inject('dynamodbEndpoint') };
      const other = await startServer({ ...env, ...direct, ...more });
      others.push(other);
      return other;
    },
    signIn,
    signInKnown: (...handles) =>
      Promise.all(
        handles.map(async (handle) => {
          const caller = await signIn(handle);
          for (const api of caller.apis) await retryUntilAnswered(() => api.users.me.query());
          return caller;
        }),
      ),
    async stop() {
      await Promise.all([...[...servers, ...others].map(({ process }) => process.stop()), runner.stop()]);
      await Promise.all([postgres.cut(), dynamodb.cut()]);
      client.destroy();
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function startServer(env: Record<string, string>): Promise<ServerInstance> {
  const port = await freePort();
  const process = startProgram('server', await bundledProgram('server'), { ...env, API_PORT: String(port) });
  return { url: `http://127.0.0.1:${port}`, process };
}

export function apiAt(url: string, accessToken: string): Api {
  const headers = { authorization: `Bearer ${accessToken}` };
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc`, headers })] });
}
