import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, createUser, type DatabaseHandle, ensureDatabase, migrateDatabase } from '@cruddur/db';
import { createDynamoDb, ensureTable, type Person, type TableRef } from '@cruddur/ddb';
import { readJavaHome, startCognito, startDynamoDb, startPostgres } from '@cruddur/local';
import getPort from 'get-port';
import { namedServices, signInAt } from '../tests/support/cognito.ts';
import { startProgram } from '../tests/support/processes.ts';

const REGION = 'ca-central-1';

/** Real engines, one server in its own process, and two people of whom one has a token. */
export interface BenchStack {
  apiUrl: string;
  accessToken: string;
  table: TableRef;
  database: DatabaseHandle;
  ana: Person;
  ben: Person;
  stop(): Promise<void>;
}

export async function startBenchStack(): Promise<BenchStack> {
  const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-bench-'));
  chmodSync(dir, 0o711);
  const logs = (name: string) => path.join(dir, `${name}.log`);
  const [dynamodb, postgres, cognito] = await Promise.all([
    startDynamoDb({ logFile: logs('dynamodb'), javaHome: readJavaHome(), temporaryDir: dir }),
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

  const port = await getPort({ host: '127.0.0.1' });
  const server = startProgram('server', 'apps/server/src/main.ts', {
    ...namedServices({
      cognito,
      databaseUrl: url.href,
      dynamodbEndpoint: dynamodb.endpoint,
      tableName: table.tableName,
    }),
    LOG_LEVEL: 'warn',
    RATE_LIMIT_FACTOR: '1000000',
    API_PORT: String(port),
  });
  const apiUrl = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${apiUrl}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await sleep(100);
  return {
    apiUrl,
    accessToken: tokens[0] ?? '',
    table,
    database,
    ana,
    ben,
    async stop() {
      await server.stop();
      await database.close();
      client.destroy();
      await Promise.all([dynamodb.stop(), postgres.stop(), cognito.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
