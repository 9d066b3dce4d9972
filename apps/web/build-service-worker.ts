import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';
import type { Shell } from './src/worker/shell.ts';

const WORKER_FILE = 'service-worker.js';
const PAGE_FILE = 'index.html';
/** Files of `public` that each start of the page needs. */
const PUBLIC_FILES = ['early.js', 'favicon.svg', 'favicon-unread.svg'];
const at = (file: string) => path.join(import.meta.dirname, file);

/** Builds `/service-worker.js` with the list of the files that it keeps, and names the build in the page. */
export function serviceWorker(): Plugin {
  let buildId = '';
  return {
    name: 'service-worker',
    transformIndexHtml: {
      order: 'post',
      async handler(html, { bundle }) {
        if (bundle === undefined) return [];
        const contents = await Promise.all(PUBLIC_FILES.map((file) => readFile(at(`public/${file}`), 'utf8')));
        buildId = sha256([html, ...hashedFiles(bundle), ...contents].join('\n'), 'hex').slice(0, 12);
        return [{ tag: 'meta', attrs: { name: 'build', content: buildId }, injectTo: 'head' }];
      },
    },
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const page = bundle[PAGE_FILE];
        if (page?.type !== 'asset') throw new Error(`There is no ${PAGE_FILE}`);
        const files: Shell['files'] = [
          { path: `/${PAGE_FILE}`, integrity: integrityOf(page.source) },
          ...(await Promise.all(PUBLIC_FILES.map(readPublicFile))),
          ...hashedFiles(bundle).map((file) => ({ path: `/${file}` })),
        ];
        const source = await buildWorker({ build: buildId, files });
        this.emitFile({ type: 'asset', fileName: WORKER_FILE, source });
      },
    },
    configureServer({ middlewares }) {
      middlewares.use(`/${WORKER_FILE}`, (_request, response) => {
        response.setHeader('content-type', 'text/javascript');
        createReadStream(at('src/worker/remove-worker.js')).pipe(response);
      });
    },
  };
}

/** Scripts, style sheets and typefaces. Not the emoji, which are larger than all the rest and in the browser's cache once used. */
function hashedFiles(bundle: Rolldown.OutputBundle): string[] {
  return Object.keys(bundle)
    .filter((file) => /^assets\/.*\.(js|css|woff2)$/.test(file))
    .sort();
}

async function readPublicFile(file: string): Promise<Shell['files'][number]> {
  return { path: `/${file}`, integrity: integrityOf(await readFile(at(`public/${file}`))) };
}

async function buildWorker(shell: Shell): Promise<string> {
  const built = await build({
    configFile: false,
    root: import.meta.dirname,
    publicDir: false,
    logLevel: 'error',
    define: { SHELL: JSON.stringify(shell) },
    build: {
      write: false,
      rolldownOptions: {
        input: at('src/worker/service-worker.ts'),
        // A service worker cannot import on demand.
        output: { format: 'iife', codeSplitting: false },
      },
    },
  });
  const [{ output }] = [built].flat() as [Rolldown.RolldownOutput];
  return output[0].code;
}

const integrityOf = (content: string | Uint8Array) => `sha256-${sha256(content, 'base64')}`;

function sha256(content: string | Uint8Array, encoding: 'hex' | 'base64'): string {
  return createHash('sha256').update(content).digest(encoding);
}
