import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readStackEnv, type StackEnv } from '@cruddur/config/env';
import { StackError } from './errors.ts';
import { localFiles } from './local-files.ts';
import { findSupervisor } from './supervisor-file.ts';

/** How long to wait, and where to report it. */
export interface WaitOptions {
  timeoutMs?: number;
  /** Milliseconds after which it reports once what it waits for. */
  patienceMs?: number;
  log?: (line: string) => void;
}

/**
 * Waits until the stack of this environment is ready: the supervisor has set up the embedded services, and the services
 * that the environment names by address accept connections.
 *
 * @throws {StackError} when that takes too long
 */
export async function waitForLocalStack(stack: StackEnv = readStackEnv(), options: WaitOptions = {}): Promise<void> {
  const { timeoutMs = 180_000, patienceMs = 30_000, log = (line) => process.stderr.write(`${line}\n`) } = options;
  const start = Date.now();
  let told = false;
  for (let missing = await findMissing(stack); missing !== undefined; missing = await findMissing(stack)) {
    const waited = Date.now() - start;
    if (waited > patienceMs && !told) log(`Still waiting: ${missing}.`);
    told ||= waited > patienceMs;
    if (waited > timeoutMs) throw new StackError(`Gave up after ${Math.round(waited / 1000)} s: ${missing}.`);
    await sleep(100);
  }
}

async function findMissing(stack: StackEnv): Promise<string | undefined> {
  const { dynamodb, postgres, cognito } = stack;
  if (dynamodb.embedded || postgres.embedded || cognito.embedded) {
    const supervisor = await findSupervisor(localFiles(stack.localDataDir).supervisor);
    if (supervisor === undefined) return 'the embedded services are not running (npm run dev starts them)';
    if (!supervisor.ready) return 'the embedded services are still being set up';
  }
  const named: [string, boolean, string | undefined][] = [
    ['DATABASE_URL', postgres.embedded, postgres.url],
    ['AWS_ENDPOINT_URL_DYNAMODB', dynamodb.embedded, dynamodb.endpoint],
    ['COGNITO_ENDPOINT', cognito.embedded, cognito.endpoint],
  ];
  for (const [variable, embedded, url] of named) {
    if (embedded || url === undefined) continue;
    const { hostname, host, port } = new URL(url);
    if (!(await accepts(hostname, Number(port) || defaultPort(url)))) return `nothing answers at ${host} (${variable})`;
  }
  return undefined;
}

function defaultPort(url: string): number {
  if (url.startsWith('postgres')) return 5432;
  return url.startsWith('https:') ? 443 : 80;
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port, timeout: 2_000 });
    const end = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
