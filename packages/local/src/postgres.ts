import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { type Engine, startEngine, waitUntilReady } from './engine.ts';
import { assertPortFree, freePort, LOOPBACK } from './ports.ts';
import { initDatabaseCluster, postgresAccount, postgresPrograms } from './postgres-cluster.ts';
import { endOrphanedPostgres } from './postgres-orphan.ts';

/** What PostgreSQL is started with. */
export interface PostgresOptions {
  /** A free one when left out. */
  port?: number;
  /** The database cluster's folder; made at the first start. */
  dataDir: string;
  logFile: string;
  /** False for tests: faster, without the writes that survive a power cut, and the folder is removed at the end. */
  persistent?: boolean;
  /** A folder to be removed should this process be killed. */
  temporaryDir?: string;
  signal?: AbortSignal;
}

/** Settings of a cluster that nobody will miss. */
const VOLATILE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/**
 * Starts PostgreSQL with a database `cruddur` (user and password `postgres`) and waits until it answers. As root, the
 * system user `postgres` runs it, since PostgreSQL refuses root; that user is made where it is missing.
 *
 * @throws {StackError} when the port is taken or the engine does not come up
 */
export async function startPostgres(options: PostgresOptions): Promise<Engine & { url: string; pid: number }> {
  const { dataDir, logFile, persistent = true } = options;
  const port = options.port ?? (await freePort());
  const programs = await postgresPrograms();
  const account = await postgresAccount();
  await endOrphanedPostgres(dataDir);
  await assertPortFree(port, 'PostgreSQL');
  if (!existsSync(path.join(dataDir, 'PG_VERSION'))) {
    mkdirSync(dataDir, { recursive: true });
    if (account !== undefined) chownSync(dataDir, account.uid, account.gid);
    await initDatabaseCluster(programs.initdb, { dataDir, account, sync: persistent });
  }
  const settings = [
    `listen_addresses=${LOOPBACK}`,
    'unix_socket_directories=',
    'max_connections=200',
    ...(persistent ? [] : VOLATILE),
  ];
  const engine = await startEngine({
    name: 'PostgreSQL',
    command: programs.postgres,
    args: ['-D', dataDir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    logFile,
    // "Fast shutdown": SIGTERM would wait until every client has gone.
    stopSignal: 'SIGINT',
    ...account,
    ...(options.temporaryDir === undefined ? {} : { temporaryDir: options.temporaryDir }),
  });
  const server = `postgresql://postgres:postgres@${LOOPBACK}:${port}`;
  await waitUntilReady(engine, () => query(`${server}/postgres`, 'SELECT 1'), { signal: options.signal });
  await createPostgresDatabase(`${server}/postgres`, 'cruddur');
  return {
    ...engine,
    url: `${server}/cruddur`,
    async stop() {
      await engine.stop();
      if (!persistent) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Makes a database where there is none of that name. */
export async function createPostgresDatabase(url: string, name: string): Promise<void> {
  const existing = await query(url, 'SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (existing.rowCount === 0) await query(url, `CREATE DATABASE ${pg.escapeIdentifier(name)}`);
}

/** Removes a database, and closes the connections that are still open to it. */
export async function dropPostgresDatabase(url: string, name: string): Promise<void> {
  await query(url, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
}

async function query(url: string, text: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.query(text, values);
  } finally {
    await client.end();
  }
}
