import { cp, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { nodeBundle } from '@cruddur/config/esbuild';
import { build } from 'esbuild';

// npm run build: dist/main.js and dist/migrate.js, which need Node and nothing else; the migrations stand beside them.

const at = (file: string) => fileURLToPath(new URL(file, import.meta.url));

await rm(at('dist'), { recursive: true, force: true });
const entryPoints = [at('src/main.ts'), at('src/migrate.ts')];
const { metafile } = await build({ ...nodeBundle, entryPoints, outdir: at('dist'), metafile: true });
await cp(at('../../packages/db/migrations'), at('dist/migrations'), { recursive: true });
// Wherever the folder is copied to, its files are ES modules.
await writeFile(at('dist/package.json'), '{ "type": "module" }\n');
for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
  if (file.endsWith('.js')) process.stdout.write(`${file}  ${Math.round(bytes / 1000)} kB\n`);
}
