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

// Measured: a server starts in 0.4 s of processor time from its bundle, and in 1.6 s from its sources with tsx. All
// bundles together take about 2 s, so the first test of a run that needs one makes them for all.

const ENTRIES = {
  server: 'apps/server/src/main.ts',
  'stream-runner': 'apps/stream-lambda/src/dev.ts',
  supervisor: 'packages/local/src/dev.ts',
  reset: 'packages/local/src/reset.ts',
};

/** A program of the repository that tests start as a separate process. */
export type BundledProgram = keyof typeof ENTRIES;

/** The file of a program, in one piece with all that it imports: plain `node` runs it. */
export async function bundledProgram(name: BundledProgram): Promise<string> {
  const dir = inject('programsDir');
  const [bundles, failure] = [path.join(dir, 'bundles'), path.join(dir, 'bundles-failure')];
  if (!existsSync(bundles) && isFirst(path.join(dir, 'bundles-lock'))) {
    // The other workers must not wait for what never comes.
    await bundle(path.join(dir, 'bundles-unfinished'), bundles).catch((error: unknown) =>
      writeFile(failure, String(error)),
    );
  }
  while (!existsSync(bundles)) {
    if (existsSync(failure)) throw new Error(`The programs cannot be bundled: ${await readFile(failure, 'utf8')}`);
    await sleep(50);
  }
  return path.join(bundles, `${name}.mjs`);
}

async function bundle(unfinished: string, finished: string): Promise<void> {
  await build({
    ...nodeBundle,
    // Programs of tests run on the Node that runs the tests, and their stack traces are read.
    target: `node${process.versions.node}`,
    minify: false,
    entryPoints: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, path.join(ROOT_DIR, file)])),
    splitting: true,
    outdir: unfinished,
    outExtension: { '.js': '.mjs' },
    plugins: [sourceUrls],
    // Node warns of its own module where the requiring file is in no node_modules.
    alias: { punycode: 'punycode/' },
  });
  await rename(unfinished, finished);
}

// Sources find their neighbours, such as migrations and Java classes, by their own address.
const sourceUrls: Plugin = {
  name: 'source-urls',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/](apps|packages)[\\/][^\\/]+[\\/]src[\\/].*\.ts$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href)), loader: 'ts' };
    });
  },
};

/** Whether this worker is the first to make a folder. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
