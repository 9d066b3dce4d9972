import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import getPort from 'get-port';
import { inheritedEnv } from '../../support/env.ts';

/** The whole stack as `npm run dev` starts it, on free ports and with data of its own. */
export interface DevStack {
  webUrl: string;
  apiUrl: string;
  /** The variables that it was started with. */
  env: Record<string, string>;
  /** Everything that it printed. */
  output(): string;
  /** Ends it by SIGTERM, and removes its data. */
  stop(): Promise<void>;
}

const START_MS = 120_000;
const STOP_MS = 15_000;

export async function startDevStack(): Promise<DevStack> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'cruddur-e2e-'));
  const [WEB_PORT = '', API_PORT = '', DYNAMODB_PORT = '', COGNITO_PORT = '', POSTGRES_PORT = ''] = await freePorts(5);
  const env = { WEB_PORT, API_PORT, DYNAMODB_PORT, COGNITO_PORT, POSTGRES_PORT, LOCAL_DATA_DIR: dataDir };
  // A group of its own, so that whatever it leaves behind can be ended too.
  const child = spawn('npm', ['run', 'dev'], { cwd: ROOT_DIR, env: { ...inheritedEnv(), ...env }, detached: true });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += String(chunk)));
  const stack: DevStack = {
    webUrl: `http://127.0.0.1:${WEB_PORT}`,
    apiUrl: `http://127.0.0.1:${API_PORT}`,
    env,
    output: () => printed,
    async stop() {
      await end(child);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  try {
    await Promise.all([answers(`${stack.webUrl}/`, child), answers(`${stack.apiUrl}/readyz`, child)]);
    return stack;
  } catch (error) {
    await stack.stop();
    throw new Error(`The stack did not start. It printed:\n${printed}`, { cause: error });
  }
}

async function freePorts(count: number): Promise<string[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await getPort({ host: '127.0.0.1', exclude: ports }));
  return ports.map(String);
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`npm run dev ended with code ${child.exitCode}`);
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${url} does not answer`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const group = -child.pid;
  const timer = setTimeout(() => process.kill(group, 'SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(timer);
}
