import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { createDatabase, createUser, findUserByHandle } from '@cruddur/db';
import { freePort } from '@cruddur/local/free-port';
import { execaNode } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inheritedEnv } from '../../support/env.ts';
import { untilAnswered } from '../../support/until-answered.ts';
import { sharedStack } from '../support/shared-stack.ts';

// As in the container: only the folder of the bundle, far from any node_modules.
let folder: string;
let stackEnv: Record<string, string>;
let databaseUrl: string;

beforeAll(async () => {
  ({ env: stackEnv } = await sharedStack());
  folder = await mkdtemp(path.join(tmpdir(), 'cruddur-bundle-'));
  await cp(path.join(ROOT_DIR, 'apps/server/dist'), folder, { recursive: true });
  databaseUrl = `postgresql://postgres:postgres@127.0.0.1:${stackEnv.POSTGRES_PORT}/bundles`;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (file: string, env: Record<string, string>) =>
  execaNode(path.join(folder, file), {
    cwd: folder,
    env: { ...inheritedEnv(), NODE_ENV: 'production', ...env },
    extendEnv: false,
    reject: false,
    // On a busy machine it may take longer than execa's five seconds to end. The server gives up by itself after ten.
    forceKillAfterDelay: false,
  });

describe('the bundled migration', () => {
  it('migrates an empty server to the newest schema', async () => {
    expect(await run('migrate.js', { DATABASE_URL: databaseUrl })).toMatchObject({ exitCode: 0, stderr: '' });
    const { db, close } = createDatabase(databaseUrl);
    const person = { handle: 'ana', displayName: 'Ana', email: 'ana@cruddur.example', cognitoUserId: 'a' };
    await createUser(db, person);
    expect(await findUserByHandle(db, 'ANA')).toMatchObject({ displayName: 'Ana' });
    await close();
  });

  it('exits with 1 and the reason when it cannot', async () => {
    const { exitCode, stderr } = await run('migrate.js', { DATABASE_URL: 'postgresql://a:b@127.0.0.1:9/x' });
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^The database was not migrated\. .*ECONNREFUSED/)]);
  });
});

describe('the bundled server', () => {
  it('serves from one file, and shuts down cleanly at SIGTERM', async () => {
    const port = await freePort();
    const server = run('main.js', {
      ...stackEnv,
      DATABASE_URL: databaseUrl,
      API_PORT: String(port),
      AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${stackEnv.DYNAMODB_PORT}`,
      AWS_REGION: 'ca-central-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
    const readyUrl = `http://127.0.0.1:${port}/readyz`;
    const stopOnceReady = async () => {
      await untilAnswered(readyUrl);
      // The shared stores may be too busy to answer the next one in time.
      await expect.poll(async () => (await fetch(readyUrl)).json()).toMatchObject({ status: 'ok' });
      server.kill('SIGTERM');
    };
    const [{ exitCode, stdout }] = await Promise.all([server, stopOnceReady()]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('shutting down');
  });
});
