import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { readOrExit, readStackEnv } from '@cruddur/config/env';
import { endOrphanedPostgres } from './engines/postgres-orphan.ts';
import { findSupervisor } from './stack/data-dir.ts';
import { localFiles } from './stack/local-files.ts';

// The entry of `npm run reset`: removes the embedded services' data.

const { localDataDir } = readOrExit(readStackEnv);
const files = localFiles(localDataDir);
const supervisor = await findSupervisor(files.supervisor);
if (supervisor !== undefined) {
  process.stderr.write(`The stack of ${localDataDir} runs in process ${supervisor.pid}: end it first.\n`);
  process.exitCode = 1;
} else {
  await endOrphanedPostgres(files.postgres);
  // By name: LOCAL_DATA_DIR may be a folder that holds more than ours.
  for (const file of Object.values(files)) await rm(file, { recursive: true, force: true });
  await rmdir(localDataDir).catch(() => undefined);
  process.stdout.write(`Removed the data of the embedded services in ${path.relative(process.cwd(), localDataDir)}\n`);
}
