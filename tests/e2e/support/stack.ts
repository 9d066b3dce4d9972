import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { freePort } from '@cruddur/local/free-port';
import { execa } from 'execa';
import { inheritedEnv, isBuilt } from '../../support/env.ts';
import { productionPath } from '../../support/production-node.ts';
import { startPushService } from '../../support/push-service.ts';
import { untilAnswered } from '../../support/until-answered.ts';

/** The whole stack, started as in the README, on free ports and with a separate data folder. */
export interface Stack {
  webUrl: string;
  apiUrl: string;
  cognitoUrl: string;
  /** The variables that it was started with. `PUSH_SERVICES` is the origin of its push service, for `subscribeAt`. */
  env: Record<string, string>;
  /** Everything that it printed. */
  output(): string;
  /**
   * Stops it with SIGTERM and removes its data.
   *
   * @returns whether it exited in time; a hanging process is killed after a minute
   */
  stop(): Promise<{ byItself: boolean }>;
}

const START_MS = 120_000;
const STOP_MS = 60_000;

/** The stack of `npm run dev`. */
export const startDevStack = (): Promise<Stack> => start(['run', 'dev'], ({ API_PORT }) => origin(API_PORT));

/** The stack of `npm run build && npm start`: one address for page and API, on the Node version of production. */
export async function startProductionStack(variables: Record<string, string> = {}): Promise<Stack> {
  if (!isBuilt()) await execa('npm', ['run', 'build'], { cwd: ROOT_DIR, env: inheritedEnv(), extendEnv: false });
  return startBuiltStack(variables);
}

/** The stack of `npm start`, from an existing build, on the Node version of production. */
export const startBuiltStack = (variables: Record<string, string> = {}): Promise<Stack> =>
  start(['start'], ({ WEB_PORT }) => origin(WEB_PORT), { PATH: productionPath(inheritedEnv().PATH) }, variables);

const origin = (port = '') => `http://127.0.0.1:${port}`;

async function start(
  command: string[],
  apiUrl: (env: Record<string, string>) => string,
  toolVariables: Record<string, string> = {},
  variables: Record<string, string> = {},
): Promise<Stack> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'cruddur-e2e-'));
  const [WEB_PORT = '', API_PORT = '', DYNAMODB_PORT = '', COGNITO_PORT = '', POSTGRES_PORT = ''] = await freePorts(5);
  const ports = { WEB_PORT, API_PORT, DYNAMODB_PORT, COGNITO_PORT, POSTGRES_PORT };
  // Tests write faster than users.
  const pushService = await startPushService();
  const env = {
    ...ports,
    LOCAL_DATA_DIR: dataDir,
    RATE_LIMIT_FACTOR: '20',
    PUSH_SERVICES: pushService.origin,
    ...variables,
  };
  // A separate process group, so that child processes that hang can be killed too.
  const child = spawn('npm', command, {
    cwd: ROOT_DIR,
    env: { ...inheritedEnv(), ...toolVariables, ...env },
    detached: true,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += String(chunk)));
  const stack: Stack = {
    webUrl: origin(WEB_PORT),
    apiUrl: apiUrl(env),
    cognitoUrl: origin(COGNITO_PORT),
    env,
    output: () => printed,
    async stop() {
      const byItself = await end(child);
      await pushService.close();
      await rm(dataDir, { recursive: true, force: true });
      return { byItself };
    },
  };
  try {
    const patience = { timeoutMs: START_MS, hasEnded: () => hasEnded(child) };
    await Promise.all([`${stack.webUrl}/`, `${stack.apiUrl}/readyz`].map((url) => untilAnswered(url, patience)));
    return stack;
  } catch (error) {
    await stack.stop();
    throw new Error(`The stack did not start. It printed:\n${printed}`, { cause: error });
  }
}

async function freePorts(count: number): Promise<string[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  return ports.map(String);
}

/** Whether a process has exited, or a signal has ended it. */
const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

/** @returns whether SIGTERM was enough */
async function end(child: ChildProcess): Promise<boolean> {
  if (hasEnded(child) || child.pid === undefined) return true;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const group = -child.pid;
  let byItself = true;
  const timer = setTimeout(() => {
    byItself = false;
    process.kill(group, 'SIGKILL');
  }, STOP_MS);
  await exited;
  clearTimeout(timer);
  return byItself;
}

/** Whether something listens at a port of this machine. */
export function isPortOpen(port: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
