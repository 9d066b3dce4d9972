import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { securityHeaders } from '@cruddur/config/security-headers';
import { createFront } from '@cruddur/local/front';
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
      await rm(webDir, { recursive: true });
      await cp(buildDir, webDir, { recursive: true });
    },
    async stop() {
      await front.close();
      await rm(webDir, { recursive: true, force: true });
    },
  };
}

/** Copies the build as that of other sources: entry and settings mark the document as changed. Returns its folder. */
export async function changeBuild(): Promise<string> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'cruddur-changed-page-'));
  await cp(path.join(WEB_DIR, 'dist'), outDir, { recursive: true });
  const assets = (await readdir(path.join(outDir, 'assets'))).filter((file) => file.endsWith('.js'));
  const page = await readFile(path.join(outDir, 'index.html'), 'utf8');
  const [, entry = ''] = /<script type="module"[^>]* src="\/assets\/([^"]+)"/.exec(page) ?? [];
  const [, build = ''] = /<meta name="build" content="([^"]+)"/.exec(page) ?? [];
  const changed = assets.filter((file) => file === entry || file.startsWith('settings-page-'));
  if (build === '' || changed.length < 2) throw new Error('the build has no name, entry or settings');
  const renamed = (text: string) =>
    changed
      .reduce((text, file) => text.replaceAll(file, file.replace(/\.js$/, '-changed.js')), text)
      .replaceAll(build, `changed-${build}`);
  const integrity = `sha256-${createHash('sha256').update(page).digest('base64')}`;
  const changedIntegrity = `sha256-${createHash('sha256').update(renamed(page)).digest('base64')}`;
  for (const file of ['index.html', 'service-worker.js', ...assets.map((asset) => path.join('assets', asset))]) {
    const text = renamed(await readFile(path.join(outDir, file), 'utf8')).replace(integrity, changedIntegrity);
    await rm(path.join(outDir, file));
    const mark = changed.includes(path.basename(file)) ? "\ndocument.documentElement.dataset.version = 'changed';" : '';
    await writeFile(path.join(outDir, renamed(file)), text + mark);
  }
  return outDir;
}
