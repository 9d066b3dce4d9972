import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readStackEnv, type StackEnv } from '@cruddur/config/env';
import { StackError } from '../engines/errors.ts';
import { findSupervisor } from './data-dir.ts';
import { localFiles } from './local-files.ts';

/**
 * Waits until the supervisor has set up the embedded services, and the services that the environment names by address
 * accept connections. Logs once what it is waiting for, after `patienceMs`.
 *
 * @throws {StackError} after `timeoutMs`
 */
export async function waitForLocalStack(
  stack: StackEnv = readStackEnv(),
  { timeoutMs = 180_000, patienceMs = 30_000, log = (line: string): unknown => process.stderr.write(`${line}\n`) } = {},
): Promise<void> {
  const start = Date.now();
  let isLogged = false;
  for (let missing = await findMissing(stack); missing !== undefined; missing = await findMissing(stack)) {
    const waited = Date.now() - start;
    if (waited > patienceMs && !isLogged) log(`Still waiting: ${missing}.`);
    isLogged ||= waited > patienceMs;
    if (waited > timeoutMs) throw new StackError(`Gave up after ${Math.round(waited / 1000)} s: ${missing}.`);
    await sleep(100);
  }
}

const DEFAULT_PORTS: Record<string, number> = { 'postgresql:': 5432, 'postgres:': 5432, 'https:': 443, 'http:': 80 };

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
    const { protocol, hostname, host, port } = new URL(url);
    if (!(await accepts(hostname, Number(port) || DEFAULT_PORTS[protocol])))
      return `nothing answers at ${host} (${variable})`;
  }
  return undefined;
}

function accepts(host: string, port = 0): Promise<boolean> {
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
