import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@cruddur/local/free-port';
import { execa } from 'execa';
import { startEngine } from '../../packages/local/src/engines/engine.ts';
import { untilAnswered } from '../../tests/support/until-answered.ts';
import type { BenchServer } from '../stack.ts';

/** Debian's, which has the packages below. */
const PYTHON = '/usr/bin/python3';
export const DEBIAN_PACKAGES = ['python3-flask', 'python3-boto3', 'gunicorn'];
const WORKERS = 2;
const THREADS = 4;

/** Whether this machine can run the origin's services. */
export async function hasOrigin(): Promise<boolean> {
  const { failed } = await execa(PYTHON, ['-c', 'import flask, boto3, gunicorn'], { reject: false });
  return !failed;
}

/** Starts the origin's services on the table of a stack. */
export async function startOrigin(services: Record<string, string>, logFile: string): Promise<BenchServer> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const bind = ['--bind', new URL(url).host];
  const size = ['--workers', String(WORKERS), '--threads', String(THREADS)];
  const engine = await startEngine({
    name: "The origin's services",
    command: PYTHON,
    args: [
      '-B',
      '-m',
      'gunicorn',
      ...bind,
      ...size,
      '--chdir',
      path.dirname(fileURLToPath(import.meta.url)),
      'app:app',
    ],
    logFile,
    stopSignal: 'SIGTERM',
    env: { ...services, AWS_DEFAULT_REGION: services.AWS_REGION },
  });
  await untilAnswered(`${url}/healthz`);
  return { url, pid: () => engine.pid, stop: () => engine.stop() };
}
