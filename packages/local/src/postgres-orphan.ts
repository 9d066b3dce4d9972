import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess } from './process-identity.ts';

/**
 * Makes the way free for a new PostgreSQL on a cluster that was not stopped in good order: one that still runs there is
 * ended, and a `postmaster.pid` whose number now belongs to somebody else is removed. PostgreSQL itself deals with the
 * file of a process that is gone.
 */
export async function endOrphanedPostgres(dataDir: string): Promise<void> {
  const pidFile = path.join(dataDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n', 1)[0]);
  const found = await identifyProcess(pid);
  if (found === undefined) return;
  if (!found.command.includes(dataDir)) return rm(pidFile, { force: true });
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!sendSignal(pid, signal)) return;
    for (let waited = 0; waited < 1_500; waited += 50) {
      await sleep(50);
      if ((await identifyProcess(pid)) === undefined) return;
    }
  }
}

/** Returns false if the process has ended in the meantime. */
function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
