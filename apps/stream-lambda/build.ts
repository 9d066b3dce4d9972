import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { LAMBDA_ALIAS, nodeBundle } from '@cruddur/config/esbuild';
import { build } from 'esbuild';

// npm run build: dist/handler.mjs, the Lambda in one file.

const at = (file: string) => fileURLToPath(new URL(file, import.meta.url));

await rm(at('dist'), { recursive: true, force: true });
const outfile = at('dist/handler.mjs');
const { metafile } = await build({
  ...nodeBundle,
  alias: LAMBDA_ALIAS,
  entryPoints: [at('src/handler.ts')],
  outfile,
  metafile: true,
});
for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
  if (file.endsWith('.mjs')) process.stdout.write(`${file}  ${Math.round(bytes / 1000)} kB\n`);
}
