import { existsSync, mkdirSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ROOT_DIR } from '@cruddur/config/env';
import { nodeBundle } from '@cruddur/config/esbuild';
import { build, type Plugin } from 'esbuild';
import { inject } from 'vitest';
import './provided-context.ts';

// Measured: a server starts in 0.4 s of processor time from its bundle, and in 1.6 s from sources with tsx. Building all
// bundles takes about 2 s, so the first test that needs one builds them all.

/** Limit of the wait, in case the building worker was killed. */
const BUILD_MS = 60_000;

const ENTRIES = {
  server: 'apps/server/src/main.ts',
  'stream-runner': 'apps/stream-lambda/src/dev.ts',
  supervisor: 'packages/local/src/dev.ts',
  reset: 'packages/local/src/reset.ts',
};

/** A program of the repository that tests start as a separate process. */
export type BundledProgram = keyof typeof ENTRIES;

/** Returns the file of a bundled program, which plain `node` can run. */
export async function bundledProgram(name: BundledProgram): Promise<string> {
  const dir = inject('programsDir');
  const [bundles, failure] = [path.join(dir, 'bundles'), path.join(dir, 'bundles-failure')];
  if (!existsSync(bundles) && isFirst(path.join(dir, 'bundles-lock'))) {
    // The failure file ends the wait of the other workers.
    await bundle(path.join(dir, 'bundles-unfinished'), bundles).catch((error: unknown) =>
      writeFile(failure, String(error)),
    );
  }
  for (const deadline = performance.now() + BUILD_MS; !existsSync(bundles); await sleep(50)) {
    if (performance.now() > deadline)
      throw new Error('The programs are not bundled: the worker that builds them has ended.');
    if (existsSync(failure)) throw new Error(`The programs cannot be bundled: ${await readFile(failure, 'utf8')}`);
  }
  return path.join(bundles, `${name}.mjs`);
}

async function bundle(unfinished: string, finished: string): Promise<void> {
  await build({
    ...nodeBundle,
    // For the Node that runs the tests, with readable stack traces.
    target: `node${process.versions.node}`,
    minify: false,
    entryPoints: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, path.join(ROOT_DIR, file)])),
    splitting: true,
    outdir: unfinished,
    outExtension: { '.js': '.mjs' },
    plugins: [sourceUrls],
    // Outside node_modules, `punycode` would be Node's own deprecated module, which prints a warning.
    alias: { punycode: 'punycode/' },
  });
  await rename(unfinished, finished);
}

// Sources find files next to them, such as migrations and Java classes, through `import.meta.url`.
const sourceUrls: Plugin = {
  name: 'source-urls',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/](apps|packages)[\\/][^\\/]+[\\/]src[\\/].*\.ts$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href)), loader: 'ts' };
    });
  },
};

/** Whether this worker is the first to create a folder. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
