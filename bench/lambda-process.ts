import { statSync } from 'node:fs';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { execa } from 'execa';
import type { Table } from './report.ts';
import { spreadOf } from './statistics.ts';

const PROCESSES = 5;
const BUNDLE = path.join(ROOT_DIR, 'apps/stream-lambda/dist/handler.mjs');

interface Startup {
  /** Milliseconds until the bundle is imported. */
  start: number;
  /** Maximum resident memory, in megabytes. */
  peak: number;
}

const SCRIPT = `
  const start = performance.now();
  const { handler } = await import(process.argv[1]);
  const imported = performance.now();
  const event = JSON.parse((await process.stdin.toArray()).join(''));
  const { batchItemFailures } = await handler(event, { getRemainingTimeInMillis: () => 30000 });
  if (batchItemFailures.length > 0) throw new Error('a record failed');
  process.stderr.write(JSON.stringify({ start: imported - start, peak: process.resourceUsage().maxRSS / 1024 }));
`;

/**
 * Cold start, memory and size of the bundle, in new processes that handle one batch. Only the first process finds rows to
 * move; for the others the batch is a repeat.
 */
export async function benchProcess(
  table: { endpoint: string; tableName: string },
  event: DynamoDBStreamEvent,
): Promise<Table> {
  await execa('npm', ['run', 'build', '-w', '@cruddur/stream-lambda'], { cwd: ROOT_DIR });
  const env = {
    DDB_TABLE: table.tableName,
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_REGION: 'ca-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  const startups: Startup[] = [];
  for (let i = 0; i < PROCESSES; i++) {
    const options = { env, input: JSON.stringify(event) };
    const { stderr } = await execa(process.execPath, ['--input-type=module', '-e', SCRIPT, BUNDLE], options);
    startups.push(JSON.parse(stderr.slice(stderr.lastIndexOf('{"start"'))) as Startup);
  }
  const [start, peak] = [spreadOf(startups, (each) => each.start, 0), spreadOf(startups, (each) => each.peak, 0)];
  const kilobytes = String(Math.round(statSync(BUNDLE).size / 1000));
  return { head: ['cold start, ms', 'peak memory, MB', 'bundle, kB'], rows: [[start, peak, kilobytes]] };
}
