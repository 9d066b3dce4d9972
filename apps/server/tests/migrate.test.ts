import { randomUUID } from 'node:crypto';
import { createDatabase, searchUsers } from '@cruddur/db';
import { execaNode } from 'execa';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../../tests/support/database.ts';

const ENTRY = new URL('../src/migrate.ts', import.meta.url).pathname;
const migrate = (env: Record<string, string>) =>
  execaNode(ENTRY, { nodeOptions: ['--import', '@cruddur/config/typescript'], env, reject: false });

describe('the migration step', () => {
  it('creates database, schema and role, and can be repeated', async () => {
    const { url, drop } = await createTestDatabase();
    await drop();
    const [SERVER_ROLE_NAME, SERVER_ROLE_PASSWORD] = [`server-${randomUUID().slice(0, 8)}`, randomUUID()];
    const runs = [1, 2].map(() => () => migrate({ DATABASE_URL: url, SERVER_ROLE_NAME, SERVER_ROLE_PASSWORD }));
    for (const run of runs) expect(await run()).toMatchObject({ exitCode: 0, stderr: '' });

    const asServer = new URL(url);
    asServer.username = SERVER_ROLE_NAME;
    asServer.password = SERVER_ROLE_PASSWORD;
    const { db, close } = createDatabase(asServer.href);
    expect(await searchUsers(db, { query: 'nobody', limit: 1 })).toEqual([]);
    await close();
    await drop();
  });

  it('ends with an error if PostgreSQL is down', async () => {
    const { exitCode, stderr } = await migrate({ DATABASE_URL: 'postgresql://postgres:postgres@127.0.0.1:9/x' });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  });

  it('names the missing half of a role', async () => {
    const { exitCode, stderr } = await migrate({ SERVER_ROLE_NAME: 'server' });
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('SERVER_ROLE_NAME: must be set together with SERVER_ROLE_PASSWORD'),
    ]);
  });
});
