import { cp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeBundle } from '@cruddur/config/esbuild';
import { build } from 'esbuild';
import { TRPC_SOURCE } from './trpc-source.ts';

// npm run build: dist/main.js and dist/migrate.js, which need only Node, and the migrations next to them.
// The first argument replaces the folder dist.

const at = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const dist = path.resolve(process.argv[2] ?? at('dist'));

await rm(dist, { recursive: true, force: true });
const entryPoints = [at('src/main.ts'), at('src/migrate.ts')];
// Names stay readable in stack traces and profiles.
const names = { minify: false, minifySyntax: true, minifyWhitespace: true };
const { metafile } = await build({
  ...nodeBundle,
  ...names,
  entryPoints,
  alias: TRPC_SOURCE,
  outdir: dist,
  metafile: true,
});
await cp(at('../../packages/db/migrations'), path.join(dist, 'migrations'), { recursive: true });
// Marks the files as ES modules, wherever the folder is copied.
await writeFile(path.join(dist, 'package.json'), '{ "type": "module" }\n');
for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
  if (file.endsWith('.js')) process.stdout.write(`${file}  ${Math.round(bytes / 1000)} kB\n`);
}
