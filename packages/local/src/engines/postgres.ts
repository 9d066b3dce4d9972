import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureDatabase } from '@cruddur/db';
import { startEngine, waitUntilReady } from './engine.ts';
import { freePort } from './free-port.ts';
import { assertPortFree, EMBEDDED_PORTS, LOOPBACK } from './ports.ts';
import { initDatabaseCluster, postgresAccount, postgresPrograms } from './postgres-cluster.ts';
import { endOrphanedPostgres } from './postgres-orphan.ts';

interface PostgresOptions {
  /** By default a free one. */
  port?: number;
  /** The database cluster's folder, created on the first start. */
  dataDir: string;
  logFile: string;
  /** False for tests: faster, since nothing survives a power cut, and `stop` removes the folder. */
  persistent?: boolean;
  /** A folder to remove if this process is killed. */
  temporaryDir?: string;
  signal?: AbortSignal;
}

const VOLATILE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/**
 * Starts PostgreSQL with a database `cruddur` (user and password `postgres`) and waits until it answers. PostgreSQL
 * refuses root, so for root the system user `postgres` runs it.
 *
 * @throws {StackError} when the port is taken or the engine does not start
 */
export async function startPostgres(options: PostgresOptions) {
  const { dataDir, logFile, persistent = true } = options;
  const port = options.port ?? (await freePort());
  const programs = await postgresPrograms();
  const account = await postgresAccount();
  await endOrphanedPostgres(dataDir);
  await assertPortFree(port, EMBEDDED_PORTS.postgres);
  if (!existsSync(path.join(dataDir, 'PG_VERSION'))) {
    await initDatabaseCluster(programs.initdb, { dataDir, account, sync: persistent, signal: options.signal });
  }
  const settings = [`listen_addresses=${LOOPBACK}`, 'unix_socket_directories=', 'max_connections=200'];
  if (!persistent) settings.push(...VOLATILE);
  const engine = await startEngine({
    name: 'PostgreSQL',
    command: programs.postgres,
    args: ['-D', dataDir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    logFile,
    dataDir,
    // "Fast shutdown": SIGTERM would wait until every client has disconnected.
    stopSignal: 'SIGINT',
    // Its child processes are in groups of their own: killing its group would leave them writing to the folder.
    quitSignal: 'SIGQUIT',
    ...account,
    temporaryDir: options.temporaryDir,
  });
  const url = `postgresql://postgres:postgres@${LOOPBACK}:${port}/cruddur`;
  await waitUntilReady(engine, () => ensureDatabase(url), options.signal);
  return {
    ...engine,
    url,
    async stop() {
      await engine.stop();
      if (!persistent) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
