import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QUIT_TIMEOUT_MS, STOP_TIMEOUT_MS } from './engine.ts';
import { identifyProcess } from './process-identity.ts';

/**
 * Prepares a cluster that was not shut down: ends a PostgreSQL that still runs on it, and removes a `postmaster.pid` whose
 * pid now belongs to another process. PostgreSQL itself handles the file of a process that has ended.
 */
export async function endOrphanedPostgres(dataDir: string): Promise<void> {
  const pidFile = path.join(dataDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n', 1)[0]);
  const found = await identifyProcess(pid);
  if (found === undefined) return;
  if (!found.command.includes(dataDir)) return rm(pidFile, { force: true });
  const signals = [
    ['SIGINT', STOP_TIMEOUT_MS],
    ['SIGQUIT', QUIT_TIMEOUT_MS],
    ['SIGKILL', STOP_TIMEOUT_MS],
  ] as const;
  for (const [signal, timeoutMs] of signals) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw error;
    }
    for (let waited = 0; waited < timeoutMs; waited += 50) {
      await sleep(50);
      if ((await identifyProcess(pid)) === undefined) return;
    }
  }
}
