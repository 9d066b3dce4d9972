import { statSync } from 'node:fs';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { execa } from 'execa';
import { spread } from './statistics.ts';

const PROCESSES = 5;
const BUNDLE = path.join(ROOT_DIR, 'apps/stream-lambda/dist/handler.mjs');

/** What a fresh process says: milliseconds of the bundle's import and of its first batch, megabytes at most. */
interface Said {
  start: number;
  first: number;
  peak: number;
}

const SCRIPT = `
  const start = performance.now();
  const { handler } = await import(process.argv[1]);
  const imported = performance.now();
  const event = JSON.parse((await process.stdin.toArray()).join(''));
  const before = performance.now();
  const { batchItemFailures } = await handler(event, { getRemainingTimeInMillis: () => 30000 });
  if (batchItemFailures.length > 0) throw new Error('a record failed');
  process.stderr.write(JSON.stringify({ start: imported - start, first: performance.now() - before, peak: process.resourceUsage().maxRSS / 1024 }));
`;

/**
 * The bundle as it is deployed, each time in a fresh process: until its handler can be called, its first batch, its
 * memory, its size. Only the first process finds rows to move; the others get the batch as a repeated one.
 */
export async function benchProcess(
  table: { endpoint: string; tableName: string },
  event: DynamoDBStreamEvent,
): Promise<string[]> {
  await execa('npm', ['run', 'build', '-w', '@cruddur/stream-lambda'], { cwd: ROOT_DIR });
  const env = {
    DDB_TABLE: table.tableName,
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_REGION: 'ca-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  const said: Said[] = [];
  for (let i = 0; i < PROCESSES; i++) {
    const options = { env, input: JSON.stringify(event) };
    const { stderr } = await execa(process.execPath, ['--input-type=module', '-e', SCRIPT, BUNDLE], options);
    said.push(JSON.parse(stderr.slice(stderr.lastIndexOf('{"start"'))) as Said);
  }
  return [
    spread(
      said.map(({ start }) => start),
      0,
    ),
    spread(
      said.map(({ peak }) => peak),
      0,
    ),
    String(Math.round(statSync(BUNDLE).size / 1000)),
  ];
}
