import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT_DIR } from '@cruddur/config/env';
import getPort from 'get-port';
import { inheritedEnv } from './env.ts';

/** The page as it is deployed: built, minified, served as files, with the API behind the same address. */
export interface ProductionPage {
  url: string;
  stop(): Promise<void>;
}

/** @param services - the stack's variables: ports, and where the services are */
export async function serveProductionPage(services: Record<string, string>): Promise<ProductionPage> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'cruddur-page-'));
  const port = await getPort({ host: '127.0.0.1' });
  const env = { ...inheritedEnv(), ...services, WEB_PORT: String(port), NODE_ENV: 'production' };
  const vite = (...args: string[]) =>
    spawn('npm', ['exec', '--', 'vite', ...args, '--configLoader', 'runner', '--outDir', outDir], {
      cwd: path.join(ROOT_DIR, 'apps/web'),
      env,
      // A group of its own: npm does not hand signals on.
      detached: true,
      stdio: 'ignore',
    });
  const [code] = await once(vite('build', '--emptyOutDir'), 'exit');
  if (code !== 0) throw new Error(`vite build ended with code ${code}`);
  const preview = vite('preview');
  const url = `http://127.0.0.1:${port}`;
  const ok = () =>
    fetch(url).then(
      (response) => response.ok,
      () => false,
    );
  while (!(await ok())) {
    if (preview.exitCode !== null) throw new Error(`vite preview ended with code ${preview.exitCode}`);
    await sleep(100);
  }
  return {
    url,
    async stop() {
      await endGroup(preview);
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  await exited;
}
