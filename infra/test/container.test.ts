import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@cruddur/local/free-port';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findProductionNode } from '../../tests/support/production-node.ts';
import { stageImage } from '../src/api/stage-image.ts';
import { containerOf, environmentOf } from './support/container-env.ts';
import { synthesise } from './support/deployment.ts';
import { type Image, layOutImage } from './support/image.ts';

const SERVER_DIR = fileURLToPath(new URL('../../apps/server', import.meta.url));

/** Only ends a test that hangs. */
const LONGEST_MS = 120_000;

const node = findProductionNode();
/** npm has it for Linux on x64: there, these tests are never skipped. */
const isElsewhere = node === undefined && `${process.platform}-${process.arch}` !== 'linux-x64';
const container = containerOf(synthesise(), 'server');
const folder = mkdtempSync(path.join(tmpdir(), 'cruddur-image-'));
const root = path.join(folder, 'root');
const bin = path.join(folder, 'bin');
let image: Image;

beforeAll(async () => {
  const bundle = path.join(folder, 'dist');
  await promisify(execFile)(process.execPath, ['--import', '@cruddur/config/typescript', 'build.ts', bundle], {
    cwd: SERVER_DIR,
  });
  image = layOutImage(stageImage(folder, [bundle]), root);
  // As in the task: the root file system is read-only and belongs to another user.
  for (const name of ['.', ...readdirSync(root, { recursive: true, encoding: 'utf8' })]) {
    chmodSync(path.join(root, name), 0o555);
  }
  // A copy, because the task's user may not be able to read the repository.
  mkdirSync(bin);
  copyFileSync(node ?? process.execPath, path.join(bin, 'node'));
  for (const name of [folder, bin]) chmodSync(name, 0o711);
}, LONGEST_MS);
afterAll(() => {
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) chmodSync(path.join(root, name), 0o755);
  chmodSync(root, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the server as its task does, on the production Node. */
function startServer(port: number) {
  const [program, ...args] = container.Command as string[];
  const [uid = 0, gid = 0] = String(container.User).split(':').map(Number);
  const env: Record<string, string> = {
    ...image.env,
    ...environmentOf(container),
    // Stores that cannot be reached from any network, and a loopback address.
    DATABASE_HOST: '127.0.0.1',
    DATABASE_PORT: '9',
    AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9',
    API_HOST: '127.0.0.1',
    API_PORT: String(port),
    PATH: bin,
  };
  // Paths in the image are below `root` here.
  env.DATABASE_CA_FILE = path.join(root, env.DATABASE_CA_FILE ?? '');
  // Only root can become another user. Others run it as themselves, and the files are read-only for them too.
  const user = process.getuid?.() === 0 ? { uid, gid } : {};
  const child = spawn(program ?? '', args, { cwd: path.join(root, image.workdir), env, ...user });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  return { child, output: () => output };
}

const statusOf = (url: string) =>
  fetch(url).then(
    ({ status }) => status,
    () => undefined,
  );

it.skipIf(isElsewhere)('is tested with the Node version of the base image', async () => {
  const { stdout } = await promisify(execFile)('node', ['--version'], { env: { PATH: bin } });
  expect(image.base).toContain(`node:${stdout.slice(1).split('.')[0]}-slim`);
});

it('runs the command and the user of the task by default', () => {
  expect([image.command, image.user]).toEqual([container.Command, 'node']);
  expect(container).toMatchObject({ User: '1000:1000', ReadonlyRootFilesystem: true });
});

it.skipIf(isElsewhere)(
  'answers on the production Node without rights or stores, writes no file, and ends at SIGTERM',
  async () => {
    const files = readdirSync(root, { recursive: true });
    const port = await freePort();
    const { child, output } = startServer(port);
    const url = `http://127.0.0.1:${port}`;
    try {
      await expect.poll(() => child.exitCode ?? statusOf(`${url}/healthz`), { timeout: 60_000 }).toBe(200);
      expect(await statusOf(`${url}/readyz`)).toBe(503);
      // ECS kills a container that has not ended by then.
      const timer = setTimeout(() => child.kill('SIGKILL'), Number(container.StopTimeout) * 1000);
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await exited, output()).toEqual([0, null]);
      clearTimeout(timer);
      expect(output()).toContain('shutting down');
      // The certificates are where the environment of the task says.
      expect(output()).not.toContain('ENOENT');
      expect(readdirSync(root, { recursive: true })).toEqual(files);
    } finally {
      child.kill('SIGKILL');
    }
  },
  LONGEST_MS,
);
