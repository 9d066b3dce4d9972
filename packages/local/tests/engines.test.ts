import { mkdtempSync, readdirSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { startPostgres } from '@cruddur/local';
import pg from 'pg';
import { expect, inject, it } from 'vitest';
import { createTestDatabase } from '../../../tests/support/database.ts';
import { createTestDynamoDb, newRegion } from '../../../tests/support/dynamodb.ts';
import { holdCheckpointer } from './support/supervisor.ts';

it('DynamoDB Local answers', async () => {
  const client = createTestDynamoDb({ region: newRegion() });
  expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
  client.destroy();
});

it('creates a separate, empty database for a test, and removes it', async () => {
  const database = await createTestDatabase();
  const client = new pg.Client(database.url);
  client.on('error', () => undefined);
  await client.connect();
  expect((await client.query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'")).rowCount).toBe(0);
  await database.drop();
  await expect(new pg.Client(database.url).connect()).rejects.toThrow(/does not exist/);
});

const address = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

it.skipIf(address === undefined).each(['dynamodbEndpoint', 'postgresUrl'] as const)(
  'leaves the engine of %s unreachable from another machine',
  async (engine) => {
    const socket = createConnection(Number(new URL(inject(engine)).port), address);
    const outcome = await new Promise<string>((resolve) => {
      socket.once('connect', () => resolve('connected'));
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    });
    socket.destroy();
    expect(outcome).toBe('ECONNREFUSED');
  },
);

it.runIf(process.getuid?.() === 0)(
  'explains that the account that runs PostgreSQL cannot reach its folder',
  async () => {
    // `mkdtemp` creates a folder that only its owner may enter.
    const home = mkdtempSync(path.join(tmpdir(), 'cruddur-private-'));
    const dataDir = path.join(home, 'clone', 'postgres');
    const start = startPostgres({ dataDir, logFile: path.join(home, 'postgres.log') });
    await expect(start).rejects.toThrow(/the account postgres cannot reach .*chmod o\+x/);
    await rm(home, { recursive: true });
  },
);

it.runIf(process.platform === 'linux')(
  'leaves no process of a PostgreSQL that does not shut down in time',
  async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-stuck-'));
    await chmod(dir, 0o755);
    const postgres = await startPostgres({
      dataDir: path.join(dir, 'postgres'),
      logFile: path.join(dir, 'postgres.log'),
      persistent: false,
      temporaryDir: dir,
    });
    const checkpointer = holdCheckpointer(postgres.pid);
    await postgres.stop();
    expect(readdirSync('/proc')).not.toContain(String(checkpointer));
    await rm(dir, { recursive: true });
  },
);
