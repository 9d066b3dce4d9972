import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import type { Manifest } from 'vite';

const WEB_DIR = fileURLToPath(new URL('..', import.meta.url));

/** A production build in a separate folder. */
export interface Built {
  /** Gzipped bytes of the scripts that must be loaded before these modules can run. */
  neededBytes(modules: string[]): Promise<number>;
  /** The scripts that must be loaded before these modules can run, as one text. */
  neededScripts(modules: string[]): Promise<string>;
  /** What imports a module's script, except on demand. */
  importers(module: string): string[];
  /** Scripts that import each other in a circle, by file name. */
  circles(): string[][];
  /** The built page's style sheets and scripts, as text, by file name. */
  read(file: string): Promise<string>;
  /** All built scripts, as one text. */
  readScripts(): Promise<string>;
  /** The paths of the modules that the scripts were built from. */
  readSources(): Promise<string[]>;
  remove(): Promise<void>;
}

/** Builds the page as `npm run build` does. */
export async function buildPage(): Promise<Built> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'cruddur-web-'));
  // A separate process: in this one NODE_ENV is `test`, for which React uses its development build.
  const args = [
    'run',
    '--silent',
    'build',
    '--',
    '--outDir',
    outDir,
    '--emptyOutDir',
    '--manifest',
    '--logLevel',
    'error',
  ];
  await execa('npm', args, { cwd: WEB_DIR, env: { NODE_ENV: 'production' } });
  const read = (file: string) => readFile(path.join(outDir, file), 'utf8');
  const manifest = JSON.parse(await read('.vite/manifest.json')) as Manifest;
  const readNeeded = (modules: string[]) =>
    Promise.all([...scriptsOf(manifest, ['index.html', ...modules])].map((file) => read(file)));
  return {
    read,
    readScripts: () => readScriptsIn(outDir),
    async readSources() {
      const maps = (await readdir(path.join(outDir, 'assets'))).filter((file) => file.endsWith('.js.map'));
      const contents = await Promise.all(maps.map((file) => read(`assets/${file}`)));
      return contents.flatMap((map) => (JSON.parse(map) as { sources: string[] }).sources);
    },
    async neededBytes(modules) {
      const sizes = (await readNeeded(modules)).map((script) => gzipSync(script, { level: 9 }).length);
      return sizes.reduce((sum, size) => sum + size, 0);
    },
    neededScripts: async (modules) => (await readNeeded(modules)).join('\n'),
    importers: (module) =>
      Object.keys(manifest).filter((name) => manifest[name]?.imports?.some((imported) => imported === module)),
    circles: () => findCircles(manifest),
    remove: () => rm(outDir, { recursive: true }),
  };
}

/** All scripts in a folder, as one text. */
export async function readScriptsIn(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => /\.[cm]?js$/.test(file));
  return (await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')))).join('\n');
}

/** The scripts of these modules and of all that they import, except on demand. */
function scriptsOf(manifest: Manifest, modules: readonly string[], found = new Set<string>()): Set<string> {
  for (const name of modules) {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`The build has no ${name}`);
    if (found.has(chunk.file)) continue;
    found.add(chunk.file);
    scriptsOf(manifest, chunk.imports ?? [], found);
  }
  return found;
}

function findCircles(manifest: Manifest): string[][] {
  const circles: string[][] = [];
  const isDone = new Set<string>();
  const visit = (name: string, path: readonly string[]) => {
    if (path.includes(name)) circles.push([...path.slice(path.indexOf(name)), name]);
    if (path.includes(name) || isDone.has(name)) return;
    for (const imported of manifest[name]?.imports ?? []) visit(imported, [...path, name]);
    isDone.add(name);
  };
  for (const name of Object.keys(manifest)) visit(name, []);
  return circles;
}
