import { randomUUID } from 'node:crypto';
import { readStackEnv } from '@cruddur/config/env';
import { createDatabase, createSignIn, ensureRoles, migrateDatabase, pingDatabase } from '@cruddur/db';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createTestDatabase } from '../../../tests/support/database.ts';
import { createServices } from '../src/services.ts';

const REGION = 'eu-west-1';
const suffix = randomUUID().slice(0, 8);
const roles = { api: `api_${suffix}`, index: `index_${suffix}` };
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let owner: ReturnType<typeof createDatabase>;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrateDatabase(database.url);
  await ensureRoles(database.url, roles);
  owner = createDatabase(database.url, { max: 1 });
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
});
afterAll(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  for (const role of Object.values(roles)) await owner.pool.query(`drop owned by ${role}; drop role ${role}`);
  await owner.close();
  await database.drop();
});

it('the server signs in with a token, for its statements and for its listener', async () => {
  // The clock stands still: PostgreSQL knows the token beforehand, as Amazon RDS can check it.
  vi.useFakeTimers({ toFake: ['Date'] });
  const ofRole = new URL(database.url);
  ofRole.username = roles.api;
  await owner.pool.query(`alter role ${roles.api} password '${await createSignIn(ofRole.href, REGION)()}'`);
  const stack = readStackEnv({
    AWS_REGION: REGION,
    DATABASE_AUTH: 'iam',
    DATABASE_HOST: ofRole.hostname,
    DATABASE_PORT: ofRole.port,
    DATABASE_NAME: ofRole.pathname.slice(1),
    DATABASE_USER: roles.api,
  });
  const onError = vi.fn<(error: Error) => void>();
  const services = createServices({ stack }, onError);
  await pingDatabase(services.db);
  services.bus.start();
  const names = async () => {
    const { rows } = await owner.pool.query<{ name: string }>(
      'select application_name as name from pg_stat_activity where usename = $1 order by 1',
      [roles.api],
    );
    return rows.map(({ name }) => name);
  };
  await expect.poll(names).toEqual(['cruddur-listener', 'cruddur-server']);
  // What it logs when it is closed while it still begins to listen is not of interest.
  expect(onError).not.toHaveBeenCalled();
  await services.close();
});
