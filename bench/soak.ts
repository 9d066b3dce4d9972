import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ROOT_DIR } from '@cruddur/config/env';
import { allItems, keys, type MessageItem, messageSchema, verifyTable } from '@cruddur/ddb';
import pMap from 'p-map';
import { startProgram } from '../tests/support/processes.ts';
import { createDeliveries, type Deliveries } from './soak/deliveries.ts';
import { callAtRate, callFlatOut, createLoad, type Stretch } from './soak/load.ts';
import type { Vitals } from './soak/monitor.ts';
import { makePairs, type Participant } from './soak/people.ts';
import { type BenchServer, type BenchStack, BUILT } from './stack.ts';
import { openStream } from './streams.ts';

const PAIRS = 25;
const AT_ONCE = 16;
const MAXIMUM_MS = 15_000;
const WARM_UP_MS = 30_000;
/** What is on its way when the load ends has this long to arrive, and the rows as long to be moved. */
const SETTLE_MS = 60_000;

/**
 * Mixed load by fifty people with open streams, at half of what the server bears, and what is left afterwards: errors,
 * memory, lateness of the event loop, messages that did not arrive, rows that are not right.
 */
export async function benchSoak(stack: BenchStack, minutes: number, log: (line: string) => void): Promise<string[][]> {
  const monitorFile = path.join(stack.dir, 'vitals.jsonl');
  const server = await startMonitored(stack, monitorFile);
  const runner = startProgram('stream runner', 'apps/stream-lambda/src/dev.ts', {
    ...stack.services,
    LOCAL_DATA_DIR: stack.dir,
  });
  const deliveries = createDeliveries();
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  try {
    const people = await makePairs(stack, PAIRS);
    await pMap(people, ({ person, token }) => openStream(server.url, token, agent, deliveries.heardBy(person.uuid)));
    const next = createLoad(server.url, people, deliveries);
    const first = await callFlatOut(next, AT_ONCE, MAXIMUM_MS);
    const maximum = await callFlatOut(next, AT_ONCE, MAXIMUM_MS);
    const rate = maximum.calls / maximum.seconds / 2;
    log(`at most ${(2 * rate).toFixed(0)} calls a second; ${minutes} minutes at ${rate.toFixed(0)}`);
    const note = () => noteVitals(server, monitorFile);
    const warmUp = await callAtRate(next, rate, WARM_UP_MS);
    // Messages that waited behind the flat-out load would count as slow.
    deliveries.times.length = 0;
    const vitals = [await note()];
    const halves: Stretch[] = [];
    for (const half of ['first', 'second']) {
      halves.push(await callAtRate(next, rate, minutes * 30_000));
      vitals.push(await note());
      log(`${half} half: ${JSON.stringify(vitals.at(-1))}`);
    }
    const delivery = [...deliveries.times];
    const after = await settle(stack, people, deliveries);
    return report({ minutes, rate, stretches: [first, maximum, warmUp, ...halves], halves, vitals, delivery, after });
  } finally {
    agent.destroy();
    await runner.stop();
  }
}

function startMonitored(stack: BenchStack, monitorFile: string): Promise<BenchServer> {
  const monitor = pathToFileURL(path.join(ROOT_DIR, 'bench/soak/monitor.ts'));
  monitor.searchParams.set('file', monitorFile);
  const NODE_OPTIONS = `--import @cruddur/config/typescript --import ${monitor.href}`;
  return stack.startServer({ file: BUILT.file, env: { ...BUILT.env, NODE_OPTIONS } });
}

/** Asks the server for its vitals, and waits for them. */
async function noteVitals(server: BenchServer, monitorFile: string): Promise<Vitals> {
  const lines = () => {
    try {
      return readFileSync(monitorFile, 'utf8').trimEnd().split('\n');
    } catch {
      return [];
    }
  };
  const before = lines().length;
  const pid = server.pid();
  if (pid === undefined) throw new Error('the server is gone');
  process.kill(pid, 'SIGUSR2');
  while (lines().length === before) await sleep(50);
  return JSON.parse(lines().at(-1) ?? '') as Vitals;
}

interface Aftermath {
  acknowledged: number;
  undelivered: number;
  /** Of acknowledged messages, how many are not in the table; and how many are there without an answer. */
  lost: number;
  unanswered: number;
  breaches: string[];
  /** From the end of the load until the rows were right. */
  settledMs: number;
}

/** Waits until the rows are right, and looks what became of every message. */
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
    // Each conversation begins with a message that the load did not send.
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
  /** Everything that was asked, and of it what counts for times. */
  stretches: Stretch[];
  halves: Stretch[];
  vitals: Vitals[];
  delivery: number[];
  after: Aftermath;
}): string[][] {
  const { halves, vitals, after } = run;
  const errors = run.stretches.flatMap((stretch) => stretch.errors);
  const sum = (of: (stretch: Stretch) => number) => halves.reduce((total, stretch) => total + of(stretch), 0);
  const megabytes = (of: (vitals: Vitals) => number) => vitals.map((each) => (of(each) / 1e6).toFixed(1)).join(' → ');
  const late = (of: (vitals: Vitals) => number) =>
    vitals
      .slice(1)
      .map((each) => of(each).toFixed(1))
      .join(', ');
  return [
    ['minutes, people, streams', `${run.minutes}, ${2 * PAIRS}, ${2 * PAIRS}`],
    [`calls/s, ${AT_ONCE} at once, flat out`, (2 * run.rate).toFixed(0)],
    ['calls/s held', (sum(({ calls }) => calls) / sum(({ seconds }) => seconds)).toFixed(0)],
    ['calls, errors', `${run.stretches.reduce((total, { calls }) => total + calls, 0)}, ${errors.length}`],
    ...(errors.length > 0 ? [['first error', errors[0] ?? '']] : []),
    ['a call, p50 / p99 ms', percentiles(halves.flatMap(({ times }) => times))],
    ['send → stream, p50 / p99 ms', percentiles(run.delivery)],
    ['event loop late in either half, p50 ms', late(({ delayP50 }) => delayP50)],
    ['event loop late in either half, p99 ms', late(({ delayP99 }) => delayP99)],
    ['resident memory: start → middle → end, MB', megabytes(({ residentBytes }) => residentBytes)],
    ['heap in use: start → middle → end, MB', megabytes(({ heapBytes }) => heapBytes)],
    ['messages acknowledged', String(after.acknowledged)],
    [
      'of them lost, not delivered; written without an answer',
      `${after.lost}, ${after.undelivered}; ${after.unanswered}`,
    ],
    [
      'rows not right, messages doubled (`verifyTable`)',
      after.breaches.length === 0 ? '0' : `${after.breaches.length}: ${after.breaches[0]}`,
    ],
    ['rows right after the last call, s', (after.settledMs / 1000).toFixed(1)],
  ];
}

function percentiles(times: number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  return [0.5, 0.99].map((q) => (sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN).toFixed(1)).join(' / ');
}
