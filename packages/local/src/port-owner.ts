import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { identifyProcess } from './process-identity.ts';

const run = promisify(execFile);

/** Says who listens on a port, such as `process 1234 (java)`, as far as this user may know. */
export async function describePortOwner(port: number): Promise<string> {
  const pid = await findListener(port).catch(() => undefined);
  const owner = pid === undefined ? undefined : await identifyProcess(pid);
  return owner === undefined ? 'another process' : `process ${pid} (${owner.command.slice(0, 80)})`;
}

async function findListener(port: number): Promise<number | undefined> {
  if (process.platform === 'linux') return findSocketOwner(await findSocketInode(port));
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t']);
  return Number(stdout.split('\n', 1)[0]) || undefined;
}

async function findSocketInode(port: number): Promise<string | undefined> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const rows = (await readFile(table, 'utf8').catch(() => '')).split('\n').map((row) => row.trim().split(/\s+/));
    // Columns: number, local address, remote address, state (0A: listening), …, inode.
    const row = rows.find(([, local = '', , state]) => local.endsWith(`:${hexPort}`) && state === '0A');
    if (row !== undefined) return row[9];
  }
  return undefined;
}

async function findSocketOwner(inode: string | undefined): Promise<number | undefined> {
  if (inode === undefined) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      if (target === `socket:[${inode}]`) return Number(pid);
    }
  }
  return undefined;
}
