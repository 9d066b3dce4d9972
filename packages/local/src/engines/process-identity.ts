import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The running process with a pid, if any. `startedAt` distinguishes processes that reuse a pid. */
export async function identifyProcess(pid: number): Promise<{ startedAt: string; command: string } | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  try {
    return process.platform === 'linux' ? await readProc(pid) : await readPs(pid);
  } catch {
    return undefined;
  }
}

async function readProc(pid: number) {
  const [stat, command] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/cmdline`, 'utf8'),
  ]);
  // Field 2, the name in brackets, may contain spaces; 3 is the state, 22 the start time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z') return undefined;
  return { startedAt: fields[19] ?? '', command: command.replaceAll('\0', ' ').trim() };
}

async function readPs(pid: number) {
  const read = async (field: string) => (await run('ps', ['-o', `${field}=`, '-p', String(pid)])).stdout.trim();
  return { startedAt: await read('lstart'), command: await read('command') };
}
