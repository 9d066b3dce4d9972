import { randomUUID } from 'node:crypto';
import { createPostgresDatabase, dropPostgresDatabase } from '@cruddur/local';
import { inject } from 'vitest';
import './provided-context.ts';

/** Makes an empty database in the run's PostgreSQL, of a name that nobody else uses. `drop` removes it. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = inject('postgresUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await createPostgresDatabase(server, name);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => dropPostgresDatabase(server, name) };
}
