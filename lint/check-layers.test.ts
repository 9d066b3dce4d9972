import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';

const GOOD = {
  'lint/layers.json': JSON.stringify({ 'apps/web': [['app'], ['live', 'messages'], ['ui']] }),
  'apps/server/package.json': JSON.stringify({ name: '@x/server', exports: { '.': { default: './src/router.ts' } } }),
  'apps/server/src/router.ts': 'export type AppRouter = string; export const port = 1;',
  'apps/web/src/app/main.ts': "import '../live/live.ts'; import '../messages/thread.ts'; import '@x/ddb/keys';",
  'apps/web/src/live/live.ts': "import type { Text } from '../messages/thread.ts'; export type Live = Text;",
  'apps/web/src/messages/thread.ts': "import type { AppRouter } from '@x/server'; export type Text = AppRouter;",
  'apps/web/src/ui/text.ts': 'export type Font = string;',
  'apps/web/src/ui/text.test.ts': "import '../app/main.ts';",
  'packages/ddb/package.json': JSON.stringify({ name: '@x/ddb', exports: { './keys': './src/keys.ts' } }),
  'packages/ddb/src/keys.ts': "import './table/client.ts';",
  'packages/ddb/src/table/client.ts': 'export type Client = string;',
};
/** Each imports a file of its folder that imports it back. */
const CIRCLES = [
  "import './back.ts';",
  "import type { A } from './back.ts';",
  "import { type A } from './back.ts';",
  "export type B = import('./back.ts').A;",
  "export const load = () => import('./back.ts');",
  'export const load = () => import(`./back.ts`);',
  "export * from './back.ts';",
  "export type { A } from './back.ts';",
];
const BAD = {
  ...Object.fromEntries(
    CIRCLES.flatMap((code, i) => [
      [`packages/ddb/src/circle-${i}/a.ts`, code],
      [`packages/ddb/src/circle-${i}/back.ts`, "import './a.ts'; export type A = 1;"],
    ]),
  ),
  'packages/ddb/src/one/a.ts': "import type { B } from '../two/b.ts';",
  'packages/ddb/src/two/b.ts': 'export type B = string;',
  'packages/ddb/src/two/c.ts': "import '../one/d.ts';",
  'packages/ddb/src/one/d.ts': '',
  'apps/web/src/ui/up.ts': "import type { Live } from '../live/live.ts';",
  'apps/web/src/new/a.ts': "import '../ui/text.ts';",
  'packages/ddb/src/app.ts': "import type { AppRouter } from '@x/server';",
  'packages/ddb/src/path.ts': "import '../../../apps/server/src/router.ts';",
  'apps/web/src/ui/bare.ts': "import '../app/main';",
  'apps/web/src/ui/port.ts': "import { port } from '@x/server';",
};

/** Runs `npm run layers` on a repository of these files. */
async function check(files: Record<string, string>) {
  const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-layers-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  for (const [file, code] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), code);
  }
  const args = ['--import', '@cruddur/config/typescript', 'lint/check-layers.ts', dir];
  const { exitCode, stderr } = await execa('node', args, { cwd: ROOT_DIR, reject: false });
  return { exitCode, breaches: stderr.split('\n').filter(Boolean).sort() };
}

it('allows imports down the layers and of packages, one way between folders, and anything in tests', async () => {
  expect(await check(GOOD)).toEqual({ exitCode: 0, breaches: [] });
});

it('fails on circles, mutual folders, upward imports, unlisted folders and imports of apps, and names them', async () => {
  const { exitCode, breaches } = await check({ ...GOOD, ...BAD });
  expect(exitCode).toBe(1);
  const circles = CIRCLES.map((_, i) => `packages/ddb/src/circle-${i}`);
  expect(breaches).toEqual([
    ...circles.map((folder) => `Circle of imports: ${folder}/a.ts → ${folder}/back.ts → ${folder}/a.ts`),
    'Folders import each other: packages/ddb/src/two and packages/ddb/src/one, in ' +
      "packages/ddb/src/one/a.ts: import type { B } from '../two/b.ts'; and packages/ddb/src/two/c.ts: import '../one/d.ts';",
    "Import from outside packages: apps/web/src/ui/port.ts: import { port } from '@x/server';",
    "Import from outside packages: packages/ddb/src/app.ts: import type { AppRouter } from '@x/server';",
    "Import from outside packages: packages/ddb/src/path.ts: import '../../../apps/server/src/router.ts';",
    "No such file: apps/web/src/ui/bare.ts: import '../app/main';",
    'Not in lint/layers.json: apps/web/src/new',
    "Upward import: apps/web/src/ui/up.ts: import type { Live } from '../live/live.ts'; (live is above ui)",
  ]);
});
