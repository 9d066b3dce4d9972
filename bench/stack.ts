import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { createDatabase, createUser, type DatabaseHandle, ensureDatabase, migrateDatabase } from '@cruddur/db';
import { createDynamoDb, ensureTable, type Person, type TableRef } from '@cruddur/ddb';
import { type CognitoEngine, readJavaHome, startCognito, startDynamoDb, startPostgres } from '@cruddur/local';
import { execa } from 'execa';
import getPort from 'get-port';
import { namedServices, signInAt } from '../tests/support/cognito.ts';
import { startProgram, type Victim } from '../tests/support/processes.ts';
import { untilAnswered } from '../tests/support/until-answered.ts';

const REGION = 'ca-central-1';
/** What `npm run build` made: what is measured is what is deployed. */
export const BUILT = { file: 'apps/server/dist/main.js', env: { NODE_ENV: 'production' } };

/** A server in a process of its own. */
export interface BenchServer {
  url: string;
  pid: () => number | undefined;
}

/** Real engines, one server in its own process, and two people of whom one has a token. */
export interface BenchStack {
  apiUrl: string;
  cognito: CognitoEngine;
  /** Starts another server on the same engines; it ends with the stack. Left out, it is the built one. */
  startServer(program?: { file: string; env: Record<string, string> }): Promise<BenchServer>;
  accessToken: string;
  table: TableRef;
  database: DatabaseHandle;
  databaseUrl: string;
  ana: Person;
  ben: Person;
  /** A folder that goes with the stack. */
  dir: string;
  /** What a process of the stack is told of where the services are. */
  services: Record<string, string>;
  stop(): Promise<void>;
}

async function buildAll(): Promise<void> {
  await execa('npm', ['run', 'build'], { cwd: ROOT_DIR });
}

/** Has something measured on a stack of its own, which ends with it. */
export async function withBenchStack<T>(
  measure: (stack: BenchStack) => Promise<T>,
  options?: BenchStackOptions,
): Promise<T> {
  const stack = await startBenchStack(options);
  try {
    return await measure(stack);
  } finally {
    await stack.stop();
  }
}

interface BenchStackOptions {
  /** Of DynamoDB Local, which keeps its data in memory. */
  heapMib?: number;
}

async function startBenchStack({ heapMib = 512 }: BenchStackOptions = {}): Promise<BenchStack> {
  const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-bench-'));
  chmodSync(dir, 0o711);
  const logs = (name: string) => path.join(dir, `${name}.log`);
  const [dynamodb, postgres, cognito] = await Promise.all([
    startDynamoDb({ logFile: logs('dynamodb'), javaHome: readJavaHome(), temporaryDir: dir, heapMib, isLoaded: true }),
    startPostgres({ dataDir: path.join(dir, 'postgres'), logFile: logs('postgres'), persistent: false }),
    startCognito({ dataDir: path.join(dir, 'cognito'), logFile: logs('cognito') }),
  ]);
  const url = new URL(postgres.url);
  url.pathname = '/bench';
  await ensureDatabase(url.href);
  await migrateDatabase(url.href);
  const database = createDatabase(url.href);
  const client = createDynamoDb({ region: REGION, endpoint: dynamodb.endpoint, embedded: true });
  const table = { client, tableName: 'bench' };
  await ensureTable(client, table.tableName);

  const people: Person[] = [];
  const tokens: string[] = [];
  for (const handle of ['ana', 'ben']) {
    const { sub, email, accessToken } = await signInAt(cognito, handle);
    people.push(await createUser(database.db, { handle, displayName: handle, email, cognitoUserId: sub }));
    tokens.push(accessToken);
  }
  const [ana, ben] = people;
  if (!ana || !ben) throw new Error('nobody to measure with');

  const servers: Victim[] = [];
  const services = namedServices({
    cognito,
    databaseUrl: url.href,
    dynamodbEndpoint: dynamodb.endpoint,
    tableName: table.tableName,
  });
  await buildAll();
  const startServer = async (program: { file: string; env: Record<string, string> } = BUILT) => {
    const port = String(await getPort({ host: '127.0.0.1' }));
    const env = { ...services, LOG_LEVEL: 'warn', RATE_LIMIT_FACTOR: '1000000', API_PORT: port, ...program.env };
    const server = startProgram('server', program.file, env);
    servers.push(server);
    const serverUrl = `http://127.0.0.1:${port}`;
    await untilAnswered(`${serverUrl}/readyz`);
    return { url: serverUrl, pid: server.pid };
  };
  const { url: apiUrl } = await startServer();
  return {
    apiUrl,
    cognito,
    startServer,
    accessToken: tokens[0] ?? '',
    table,
    database,
    databaseUrl: url.href,
    ana,
    ben,
    dir,
    services,
    async stop() {
      await Promise.all(servers.map((server) => server.stop()));
      await database.close();
      client.destroy();
      await Promise.all([dynamodb.stop(), postgres.stop(), cognito.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
