import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeBundle } from '@cruddur/config/esbuild';
import { build } from 'esbuild';

// npm run build: dist/operator.js, the commands that run as a task in the network. It needs only Node.
// The first argument replaces the folder dist.

const at = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const outdir = path.resolve(process.argv[2] ?? at('dist'));
await build({ ...nodeBundle, entryPoints: [at('src/operator.ts')], outdir });
