import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Makes the way free for a new PostgreSQL on a cluster that was not stopped in good order: one that still runs there is
 * ended, and a `postmaster.pid` whose number now belongs to somebody else is removed. PostgreSQL itself deals with the
 * file of a process that is gone.
 */
export async function endOrphanedPostgres(dataDir: string): Promise<void> {
  const pidFile = path.join(dataDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n', 1)[0]);
  const command = await commandOf(pid);
  if (command === undefined) return;
  if (!command.includes(dataDir)) return rm(pidFile, { force: true });
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    process.kill(pid, signal);
    for (let waited = 0; waited < 1_500; waited += 50) {
      await sleep(50);
      if ((await commandOf(pid)) === undefined) return;
    }
  }
}

async function commandOf(pid: number): Promise<string | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  try {
    return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout.trim();
  } catch {
    return undefined;
  }
}
