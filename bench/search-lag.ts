import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { createDynamoDbStreams, passesIndexFilters, startStreamRunner } from '@cruddur/local';
import { v7 } from 'uuid';
import { createIndexHandler } from '../apps/stream-lambda/src/create-index-handler.ts';
import { callProcedure } from './calls.ts';
import { log, type Table } from './report.ts';
import type { BenchStack } from './stack.ts';
import { quantile } from './statistics.ts';

const MESSAGES = 100;
const AT_ONCE = 5;
const POLL_MS = 10;

/** Times how long after its acknowledgement a message is found: one at a time, and several people at once. */
export async function benchIndexLag(stack: BenchStack): Promise<Table> {
  const { table, database, dir, services } = stack;
  const { AWS_ENDPOINT_URL_DYNAMODB: endpoint = '', AWS_REGION: region = '' } = services;
  const runner = startStreamRunner({
    dynamodb: table.client,
    streams: createDynamoDbStreams({ region, endpoint, embedded: true }),
    tableName: table.tableName,
    handler: createIndexHandler({ table, db: database.db, logger: new Logger({ logLevel: 'WARN' }) }),
    passesFilters: passesIndexFilters,
    checkpointFile: path.join(dir, 'index-checkpoint.json'),
    deadLetterFile: path.join(dir, 'index-dead-letters.jsonl'),
    log,
  });
  try {
    // What is in the stream already is not measured.
    await runner.idle();
    const rows: string[][] = [];
    for (const senders of [1, AT_ONCE]) {
      const lags = await Promise.all(Array.from({ length: senders }, () => timeSender(stack, MESSAGES / senders)));
      const [p50, p95] = [0.5, 0.95].map((q) => quantile(lags.flat(), q).toFixed(0));
      rows.push([String(senders), String(MESSAGES), p50 ?? '', p95 ?? '']);
    }
    return { head: ['senders at once', 'messages', 'p50 ms', 'p95 ms'], rows };
  } finally {
    await runner.stop();
  }
}

/** The milliseconds from each acknowledgement until the message is found. */
async function timeSender(stack: BenchStack, messages: number): Promise<number[]> {
  const { token } = await stack.makePerson(`lag${randomUUID().slice(0, 8)}`);
  const server = { url: stack.apiUrl, token };
  const lags: number[] = [];
  for (let i = 0; i < messages; i++) {
    const word = randomUUID().slice(0, 13);
    const input = { message: `Lantern ${word}`, clientMessageUuid: v7(), handle: stack.ben.handle };
    await callProcedure(server, 'messages.create', input, 'mutation');
    const acknowledged = performance.now();
    while (!(await isFound(server, word))) await sleep(POLL_MS);
    lags.push(performance.now() - acknowledged);
  }
  return lags;
}

async function isFound(server: { url: string; token: string }, query: string): Promise<boolean> {
  const { items } = await callProcedure<{ items: unknown[] }>(server, 'messages.search', { query });
  return items.length > 0;
}
