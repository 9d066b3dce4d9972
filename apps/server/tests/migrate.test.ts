import { randomUUID } from 'node:crypto';
import { createDatabase, searchUsers } from '@cruddur/db';
import { execaNode } from 'execa';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../../tests/support/database.ts';

const ENTRY = new URL('../src/migrate.ts', import.meta.url).pathname;
const migrate = (env: Record<string, string>) =>
  execaNode(ENTRY, { nodeOptions: ['--import', '@cruddur/config/typescript'], env, reject: false });

describe('the migration step', () => {
  it('creates database, schema and roles, and can be repeated', async () => {
    const { url, drop } = await createTestDatabase();
    await drop();
    const [API_ROLE_NAME, INDEX_ROLE_NAME] = ['api', 'index'].map((name) => `${name}-${randomUUID().slice(0, 8)}`);
    const runs = [1, 2].map(() => () => migrate({ DATABASE_URL: url, API_ROLE_NAME, INDEX_ROLE_NAME } as never));
    for (const run of runs) expect(await run()).toMatchObject({ exitCode: 0, stderr: '' });

    const owner = createDatabase(url, { max: 1 });
    await owner.pool.query(`alter role "${API_ROLE_NAME}" password 'secret'`);
    const asApi = new URL(url);
    asApi.username = API_ROLE_NAME ?? '';
    asApi.password = 'secret';
    const { db, close } = createDatabase(asApi.href);
    expect(await searchUsers(db, { query: 'nobody', limit: 1 })).toEqual([]);
    await close();
    for (const name of [API_ROLE_NAME, INDEX_ROLE_NAME]) {
      await owner.pool.query(`drop owned by "${name}"; drop role "${name}"`);
    }
    await owner.close();
    await drop();
  });

  it('ends with an error if PostgreSQL is down', async () => {
    const { exitCode, stderr } = await migrate({ DATABASE_URL: 'postgresql://postgres:postgres@127.0.0.1:9/x' });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  });

  it('names the role that is missing', async () => {
    const { exitCode, stderr } = await migrate({ API_ROLE_NAME: 'api' });
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('API_ROLE_NAME: must be set together with INDEX_ROLE_NAME'),
    ]);
  });
});
