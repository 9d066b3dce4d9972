import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ROOT_DIR } from '@cruddur/config/env';
import { allItems, keys, type MessageItem, messageSchema, verifyTable } from '@cruddur/ddb';
import pMap from 'p-map';
import { startProgram } from '../tests/support/processes.ts';
import { log, type Table } from './report.ts';
import { createDeliveries, type Deliveries } from './soak/deliveries.ts';
import { callAtRate, callFlatOut, createLoad, type Stretch } from './soak/load.ts';
import type { Vitals } from './soak/monitor.ts';
import { makePairs, type Participant } from './soak/people.ts';
import { type BenchServer, type BenchStack, BUILT, withBenchStack } from './stack.ts';
import { quantile } from './statistics.ts';
import { connectStream } from './streams.ts';

const PAIRS = 25;
const AT_ONCE = 16;
const MAXIMUM_MS = 15_000;
const WARM_UP_MS = 30_000;
/** Maximum time after the load for messages to arrive and rows to be moved. */
const SETTLE_MS = 60_000;

/**
 * Mixed load of fifty people with open streams, at half of the server's maximum rate. Reports errors, memory, event loop
 * delay, lost messages and wrong rows.
 */
export function benchSoak(minutes: number): Promise<Table[]> {
  return withBenchStack(async (stack) => {
    const monitorFile = path.join(stack.dir, 'vitals.jsonl');
    const server = await startMonitored(stack, monitorFile);
    const runner = startProgram('stream runner', 'apps/stream-lambda/src/dev.ts', {
      ...stack.services,
      LOCAL_DATA_DIR: stack.dir,
    });
    try {
      const rows = await runLoad(stack, server, { minutes, monitorFile });
      return [{ head: ['what', 'measured'], rows }];
    } finally {
      await runner.stop();
    }
  });
}

async function runLoad(
  stack: BenchStack,
  server: BenchServer,
  { minutes, monitorFile }: { minutes: number; monitorFile: string },
): Promise<string[][]> {
  const deliveries = createDeliveries();
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  try {
    const people = await makePairs(stack, PAIRS);
    await pMap(people, ({ person, token }) =>
      connectStream(server.url, token, agent, deliveries.receivedBy(person.uuid)),
    );
    const next = createLoad(server.url, people, deliveries);
    const first = await callFlatOut(next, AT_ONCE, MAXIMUM_MS);
    const maximum = await callFlatOut(next, AT_ONCE, MAXIMUM_MS);
    const rate = maximum.calls / maximum.seconds / 2;
    log(`maximum ${(2 * rate).toFixed(0)} calls/s; ${minutes} minutes at ${rate.toFixed(0)}`);
    const warmUp = await callAtRate(next, rate, WARM_UP_MS);
    // Messages that waited behind the maximum load would count as slow.
    deliveries.times.length = 0;
    const vitals = [await readVitals(server, monitorFile)];
    const halves: Stretch[] = [];
    for (const half of ['first', 'second']) {
      halves.push(await callAtRate(next, rate, minutes * 30_000));
      vitals.push(await readVitals(server, monitorFile));
      log(`${half} half: ${JSON.stringify(vitals.at(-1))}`);
    }
    const delivery = [...deliveries.times];
    const after = await settle(stack, people, deliveries);
    return report({ minutes, rate, stretches: [first, maximum, warmUp, ...halves], halves, vitals, delivery, after });
  } finally {
    agent.destroy();
  }
}

function startMonitored(stack: BenchStack, monitorFile: string): Promise<BenchServer> {
  const monitor = pathToFileURL(path.join(ROOT_DIR, 'bench/soak/monitor.ts'));
  monitor.searchParams.set('file', monitorFile);
  const NODE_OPTIONS = `${BUILT.env.NODE_OPTIONS} --import @cruddur/config/typescript --import ${monitor.href}`;
  return stack.startServer({ file: BUILT.file, env: { ...BUILT.env, NODE_OPTIONS } });
}

/** Makes the server write its vitals, and reads them. */
async function readVitals(server: BenchServer, monitorFile: string): Promise<Vitals> {
  const lines = () => {
    try {
      return readFileSync(monitorFile, 'utf8').trimEnd().split('\n');
    } catch {
      return [];
    }
  };
  const before = lines().length;
  const pid = server.pid();
  if (pid === undefined) throw new Error('the server has stopped');
  process.kill(pid, 'SIGUSR2');
  while (lines().length === before) await sleep(50);
  return JSON.parse(lines().at(-1) ?? '') as Vitals;
}

interface Aftermath {
  acknowledged: number;
  undelivered: number;
  /** Acknowledged messages that are not in the table. */
  lost: number;
  /** Messages in the table that were not acknowledged. */
  unanswered: number;
  breaches: string[];
  /** From the end of the load until all rows were right. */
  settledMs: number;
}

/** Waits until the rows are right, then checks every message. */
async function settle(stack: BenchStack, people: Participant[], deliveries: Deliveries): Promise<Aftermath> {
  const start = performance.now();
  const isOver = () => performance.now() - start > SETTLE_MS;
  let { breaches } = await verifyTable(stack.table);
  for (; breaches.length > 0 && !isOver(); { breaches } = await verifyTable(stack.table)) await sleep(500);
  const settledMs = performance.now() - start;
  while (deliveries.missing().length > 0 && !isOver()) await sleep(100);
  const groups = new Set(people.map(({ conversation }) => conversation.messageGroupUuid));
  const written = new Set<string>();
  for (const group of groups) {
    for (const item of await messagesOf(stack, group)) written.add(item.message_uuid);
  }
  const { acknowledged } = deliveries;
  return {
    acknowledged: acknowledged.size,
    undelivered: deliveries.missing().length,
    lost: [...acknowledged].filter((uuid) => !written.has(uuid)).length,
    // The first message of each group is not part of the load.
    unanswered: written.size - groups.size - [...acknowledged].filter((uuid) => written.has(uuid)).length,
    breaches: breaches.map(({ kind, detail }) => `${kind}: ${detail}`),
    settledMs,
  };
}

function messagesOf({ table }: BenchStack, messageGroupUuid: string): Promise<MessageItem[]> {
  return allItems(table, messageSchema, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': keys.messages(messageGroupUuid) },
  });
}

function report(run: {
  minutes: number;
  rate: number;
  /** All calls. */
  stretches: Stretch[];
  /** The calls that are timed. */
  halves: Stretch[];
  vitals: Vitals[];
  delivery: number[];
  after: Aftermath;
}): string[][] {
  const { halves, vitals, after } = run;
  const errors = run.stretches.flatMap((stretch) => stretch.errors);
  const sum = (of: (stretch: Stretch) => number) => halves.reduce((total, stretch) => total + of(stretch), 0);
  const megabytes = (of: (vitals: Vitals) => number) => vitals.map((each) => (of(each) / 1e6).toFixed(1)).join(' → ');
  const delay = (of: (vitals: Vitals) => number) =>
    vitals
      .slice(1)
      .map((each) => of(each).toFixed(1))
      .join(', ');
  return [
    ['minutes, people, streams', `${run.minutes}, ${2 * PAIRS}, ${2 * PAIRS}`],
    [`calls/s, ${AT_ONCE} at once, maximum`, (2 * run.rate).toFixed(0)],
    ['calls/s held', (sum(({ calls }) => calls) / sum(({ seconds }) => seconds)).toFixed(0)],
    ['calls, errors', `${run.stretches.reduce((total, { calls }) => total + calls, 0)}, ${errors.length}`],
    ...(errors.length > 0 ? [['first error', errors[0] ?? '']] : []),
    ['a call, p50 / p99 ms', percentiles(halves.flatMap(({ times }) => times))],
    ['send → stream, p50 / p99 ms', percentiles(run.delivery)],
    ['event loop delay in either half, p50 ms', delay(({ delayP50 }) => delayP50)],
    ['event loop delay in either half, p99 ms', delay(({ delayP99 }) => delayP99)],
    ['resident memory: start → middle → end, MB', megabytes(({ residentBytes }) => residentBytes)],
    ['heap in use: start → middle → end, MB', megabytes(({ heapBytes }) => heapBytes)],
    ['messages acknowledged', String(after.acknowledged)],
    ['lost, not delivered; written but not acknowledged', `${after.lost}, ${after.undelivered}; ${after.unanswered}`],
    [
      'wrong rows, duplicate messages (`verifyTable`)',
      after.breaches.length === 0 ? '0' : `${after.breaches.length}: ${after.breaches[0]}`,
    ],
    ['rows right after the last call, s', (after.settledMs / 1000).toFixed(1)],
  ];
}

function percentiles(times: number[]): string {
  return [0.5, 0.99].map((q) => quantile(times, q).toFixed(1)).join(' / ');
}
