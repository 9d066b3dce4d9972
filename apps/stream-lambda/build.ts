import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { LAMBDA_ALIAS, nodeBundle } from '@cruddur/config/esbuild';
import { build } from 'esbuild';

// npm run build: each Lambda in one file: dist/handler.mjs, dist/index-handler.mjs and dist/push-handler.mjs.

const at = (file: string) => fileURLToPath(new URL(file, import.meta.url));

await rm(at('dist'), { recursive: true, force: true });
const { metafile } = await build({
  ...nodeBundle,
  alias: LAMBDA_ALIAS,
  entryPoints: [at('src/handler.ts'), at('src/index-handler.ts'), at('src/push-handler.ts')],
  outdir: at('dist'),
  outExtension: { '.js': '.mjs' },
  metafile: true,
});
for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
  if (file.endsWith('.mjs')) process.stdout.write(`${file}  ${Math.round(bytes / 1000)} kB\n`);
}
