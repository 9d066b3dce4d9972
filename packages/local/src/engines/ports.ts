import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { StackEnv } from '@cruddur/config/env';
import { StackError } from './errors.ts';
import { identifyProcess } from './process-identity.ts';

const run = promisify(execFile);

/** All local services listen on this address only. */
export const LOOPBACK = '127.0.0.1';

/** The variables that set the ports of the embedded services. */
export const EMBEDDED_PORTS = {
  dynamodb: { service: 'DynamoDB', variable: 'DYNAMODB_PORT' },
  postgres: { service: 'PostgreSQL', variable: 'POSTGRES_PORT' },
  cognito: { service: 'Cognito', variable: 'COGNITO_PORT' },
} as const;

/** @throws {StackError} naming the port, the variable and the process that listens there */
export async function assertPortFree(port: number, need: { service: string; variable: string }): Promise<void> {
  if (await isPortFree(port)) return;
  const owner = await describePortOwner(port);
  throw new StackError(
    `Port ${port}, which ${need.service} needs, is in use by ${owner}: end that, or set ${need.variable} to another port.`,
  );
}

/** @throws {StackError} naming the variables of two services with the same port */
export function assertPortsDiffer(stack: StackEnv): void {
  const needs: [string, number][] = [
    ['WEB_PORT', stack.webPort],
    ['API_PORT', stack.apiPort],
  ];
  for (const name of ['dynamodb', 'postgres', 'cognito'] as const) {
    if (stack[name].embedded) needs.push([EMBEDDED_PORTS[name].variable, stack[name].port]);
  }
  for (const [index, [variable, port]] of needs.entries()) {
    const twin = needs.slice(0, index).find(([, other]) => other === port);
    if (twin) throw new StackError(`${twin[0]} and ${variable} are both ${port}: set one of them to another port.`);
  }
}

/** Waits up to five seconds, in which the guards of a killed supervisor end its engines. */
export async function waitForPorts(ports: readonly number[]): Promise<void> {
  const deadline = Date.now() + 5_000;
  for (const port of ports) {
    while (Date.now() < deadline && !(await isPortFree(port))) await sleep(50);
  }
}

function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** The process that listens on a port, such as `process 1234 (java)`, as far as this user may know. */
async function describePortOwner(port: number): Promise<string> {
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
