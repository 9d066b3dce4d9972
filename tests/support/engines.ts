import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDynamoDb, startPostgres } from '@cruddur/local';
import type { TestProject } from 'vitest/node';
import './provided-context.ts';

/** Starts the engines that the integration tests share, and stops them when the run ends. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(path.join(tmpdir(), 'cruddur-test-'));
  const starts = await Promise.allSettled([
    startDynamoDb({
      logFile: path.join(dir, 'dynamodb.log'),
      hasRegions: true,
      temporaryDir: dir,
    }),
    startPostgres({
      dataDir: path.join(dir, 'postgres'),
      logFile: path.join(dir, 'postgres.log'),
      persistent: false,
      temporaryDir: dir,
    }),
  ]);
  const [dynamodb, postgres] = starts;
  if (dynamodb.status === 'rejected' || postgres.status === 'rejected') {
    for (const start of starts) if (start.status === 'fulfilled') await start.value.stop();
    throw new AggregateError(starts.flatMap((start) => (start.status === 'rejected' ? [start.reason] : [])));
  }
  project.provide('dynamodbEndpoint', dynamodb.value.endpoint);
  project.provide('postgresUrl', postgres.value.url);
  project.provide('programsDir', dir);
  return async () => {
    await Promise.all([dynamodb.value.stop(), postgres.value.stop()]);
    await rm(dir, { recursive: true, force: true });
  };
}
