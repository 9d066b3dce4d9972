import { randomUUID } from 'node:crypto';
import { dropDatabase, ensureDatabase } from '@cruddur/db';
import { inject } from 'vitest';
import './provided-context.ts';

/** Creates an empty database with a unique name in the run's PostgreSQL. `drop` removes it. */
export async function createTestDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/test_${randomUUID().replaceAll('-', '')}`;
  await ensureDatabase(url.href);
  return {
    url: url.href,
    async drop() {
      await dropDatabase(url.href);
    },
  };
}
