import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { securityHeaders } from '@cruddur/config/security-headers';
import { createFront } from '@cruddur/local/front';
import { execa } from 'execa';
import { sharedStack } from './shared-stack.ts';

const WEB_DIR = path.join(ROOT_DIR, 'apps/web');

/** A separate server of the page, in front of the shared stack's API. */
export interface DeployedPage {
  url: string;
  /** Replaces all files by those of a build. */
  deploy(buildDir: string): Promise<void>;
  /** From then on, connections are refused. */
  stop(): Promise<void>;
}

/**
 * Serves the build of the shared stack.
 *
 * @param options.port - of a server that has stopped, to be its successor
 * @param options.addToConfig - a script at the end of the page's configuration
 */
export async function deployPage({ port = 0, addToConfig = '' } = {}): Promise<DeployedPage> {
  const { webUrl, cognitoUrl, env } = await sharedStack();
  const webDir = await mkdtemp(path.join(tmpdir(), 'cruddur-page-'));
  await cp(path.join(WEB_DIR, 'dist'), webDir, { recursive: true });
  const config = await fetch(new URL('/config.js', webUrl));
  const front = await createFront({
    webDir,
    apiUrl: `http://127.0.0.1:${env.API_PORT}`,
    headers: securityHeaders({ cognitoOrigins: [new URL(cognitoUrl).origin], https: false }),
    pageConfig: (await config.text()) + addToConfig,
  });
  return {
    url: await front.listen({ port, host: '127.0.0.1' }),
    async deploy(buildDir) {
      // Browsers look for a new build at any time, and must not find a part of it.
      const next = `${webDir}-next`;
      await cp(buildDir, next, { recursive: true });
      await rm(webDir, { recursive: true });
      await rename(next, webDir);
    },
    async stop() {
      await front.close();
      await rm(webDir, { recursive: true, force: true });
    },
  };
}

/** Builds the page as `changed-page.config.ts` changes it. Returns its folder. */
export async function buildChangedPage(): Promise<string> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'cruddur-changed-page-'));
  const config = path.join(WEB_DIR, 'tests/changed-page.config.ts');
  const args = [
    'vite',
    'build',
    '--configLoader',
    'runner',
    '--config',
    config,
    '--outDir',
    outDir,
    '--logLevel',
    'error',
  ];
  await execa('npx', args, { cwd: WEB_DIR, env: { NODE_ENV: 'production' } });
  return outDir;
}
