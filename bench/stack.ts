import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { createDatabase, createUser, type DatabaseHandle, ensureDatabase, migrateDatabase } from '@cruddur/db';
import {
  createDynamoDb,
  createMessageStore,
  ensureTable,
  type MessageStore,
  type Person,
  type TableRef,
} from '@cruddur/ddb';
import { type CognitoEngine, startCognito, startDynamoDb, startPostgres } from '@cruddur/local';
import { freePort } from '@cruddur/local/free-port';
import { execa } from 'execa';
import { forgeToken } from '../apps/server/tests/forge-token.ts';
import { namedServices } from '../tests/support/cognito.ts';
import { startProgram, type Victim } from '../tests/support/processes.ts';
import { untilAnswered } from '../tests/support/until-answered.ts';
import { createSdkClient } from './sdk-client.ts';

const REGION = 'ca-central-1';
/** DynamoDB Local may take seconds for a table while the machine is busy. */
const REQUEST_TIMEOUT_MS = 20_000;
/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;
/** The bundle of `npm run build`. */
export const BUILT = {
  file: 'apps/server/dist/main.js',
  // As in the Dockerfile.
  env: { NODE_ENV: 'production', NODE_OPTIONS: '--max-semi-space-size=8' },
};

/** A server in a separate process. */
export interface BenchServer {
  url: string;
  pid: () => number | undefined;
  stop: () => Promise<void>;
}

export interface BenchPerson {
  person: Person;
  /** An access token, valid for two hours. */
  token: string;
}

/** Real engines, a server, and two people. */
export interface BenchStack {
  apiUrl: string;
  /** Starts another server with the same engines: by default the bundle. */
  startServer: (program?: { file: string; env: Record<string, string> }) => Promise<BenchServer>;
  /** Creates a user with an access token. */
  makePerson: (handle: string) => Promise<BenchPerson>;
  /** Ana's. */
  accessToken: string;
  table: TableRef;
  /** The same table through the AWS SDK only. */
  sdkTable: TableRef;
  store: MessageStore;
  database: DatabaseHandle;
  databaseUrl: string;
  ana: Person;
  ben: Person;
  /** A temporary folder, deleted with the stack. */
  dir: string;
  /** The environment that names the services. */
  services: Record<string, string>;
}

interface BenchStackOptions {
  /** Of DynamoDB Local. */
  heapMib?: number;
  /** Whether DynamoDB Local has its data in a file, as in `npm start`; by default in memory. */
  isDurable?: boolean;
}

/** Starts a stack for a measurement, and stops it afterwards. */
export async function withBenchStack<T>(
  measure: (stack: BenchStack) => Promise<T>,
  options: BenchStackOptions = {},
): Promise<T> {
  const engines = await startEngines(options);
  const database = createDatabase(engines.databaseUrl);
  const at = { region: REGION, endpoint: engines.dynamodbEndpoint, embedded: true };
  const client = createDynamoDb({ ...at, requestTimeoutMs: REQUEST_TIMEOUT_MS });
  const sdkClient = createSdkClient(engines.dynamodbEndpoint);
  const servers = createServers(engines.services);
  try {
    await execa('npm', ['run', 'build'], { cwd: ROOT_DIR });
    const table = { client, tableName: engines.services.DDB_TABLE ?? '' };
    await ensureTable(client, table.tableName);
    const makePerson = (handle: string) => createPerson(database, engines.cognito, handle);
    const [ana, ben] = [await makePerson('ana'), await makePerson('ben')];
    const { url: apiUrl } = await servers.start();
    return await measure({
      apiUrl,
      startServer: servers.start,
      makePerson,
      accessToken: ana.token,
      table,
      sdkTable: { ...table, client: sdkClient },
      store: createMessageStore({ ...table, cursorSecret: engines.services.CURSOR_SECRET ?? '' }),
      database,
      databaseUrl: engines.databaseUrl,
      ana: ana.person,
      ben: ben.person,
      dir: engines.dir,
      services: engines.services,
    });
  } finally {
    await servers.stop();
    await database.close();
    client.destroy();
    sdkClient.destroy();
    await engines.stop();
  }
}

async function startEngines({ heapMib = 512, isDurable = false }: BenchStackOptions) {
  const dir = makeBenchDir();
  const logs = (name: string) => path.join(dir, `${name}.log`);
  const data = isDurable ? { dataDir: path.join(dir, 'dynamodb') } : { isLoaded: true };
  const [dynamodb, postgres, cognito] = await Promise.all([
    startDynamoDb({ logFile: logs('dynamodb'), temporaryDir: dir, heapMib, ...data }),
    startPostgres({ dataDir: path.join(dir, 'postgres'), logFile: logs('postgres'), persistent: false }),
    startCognito({ dataDir: path.join(dir, 'cognito'), logFile: logs('cognito') }),
  ]);
  const url = new URL(postgres.url);
  url.pathname = '/bench';
  await ensureDatabase(url.href);
  await migrateDatabase(url.href);
  const { endpoint: dynamodbEndpoint } = dynamodb;
  return {
    dir,
    cognito,
    databaseUrl: url.href,
    dynamodbEndpoint,
    services: namedServices({ cognito, databaseUrl: url.href, dynamodbEndpoint, tableName: 'bench' }),
    async stop() {
      await Promise.all([dynamodb.stop(), postgres.stop(), cognito.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A temporary folder that PostgreSQL's account can enter. */
export function makeBenchDir(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-bench-'));
  chmodSync(dir, 0o711);
  return dir;
}

function createServers(services: Record<string, string>) {
  const started: Victim[] = [];
  const start: BenchStack['startServer'] = async (program = BUILT) => {
    const port = String(await freePort());
    const env = { ...services, LOG_LEVEL: 'warn', RATE_LIMIT_FACTOR: '1000000', API_PORT: port, ...program.env };
    const server = startProgram('server', program.file, env);
    started.push(server);
    const url = `http://127.0.0.1:${port}`;
    await untilAnswered(`${url}/readyz`);
    return { url, pid: server.pid, stop: () => server.stop() };
  };
  return { start, stop: () => Promise.all(started.map((server) => server.stop())) };
}

async function createPerson({ db }: DatabaseHandle, cognito: CognitoEngine, handle: string): Promise<BenchPerson> {
  const cognitoUserId = randomUUID();
  const email = `${handle}@cruddur.example`;
  const person = await createUser(db, { handle, displayName: handle, email, cognitoUserId });
  const exp = Math.floor(Date.now() / 1000) + 7200;
  return { person, token: await forgeToken(cognito, { sub: cognitoUserId, exp }) };
}

/** Processor time of a server so far, in seconds, user and kernel, with the processes that it started. */
export function processorSeconds({ pid }: BenchServer): number {
  return ticksOf(String(pid())) / TICKS_PER_SECOND;
}

function ticksOf(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + ticksOf(child), Number(fields[11]) + Number(fields[12]));
}
