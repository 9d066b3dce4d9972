import { readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ROOT_DIR } from '@cruddur/config/env';
import { createVapidKeys, vapidKeysFile } from '@cruddur/config/vapid-keys';
import pMap from 'p-map';
import { startProgram } from '../tests/support/processes.ts';
import { type PushService, startPushService, subscribeAt } from '../tests/support/push-service.ts';
import { callProcedure } from './calls.ts';
import { log, type Table } from './report.ts';
import { type Aftermath, settle } from './soak/aftermath.ts';
import { createChangingMessages } from './soak/changing-messages.ts';
import { createDeliveries } from './soak/deliveries.ts';
import { createLoad } from './soak/load.ts';
import type { Vitals } from './soak/monitor.ts';
import { callAtRate, callFlatOut, type Stretch } from './soak/pace.ts';
import { makePairs } from './soak/people.ts';
import { type BenchServer, type BenchStack, BUILT, withBenchStack } from './stack.ts';
import { quantile } from './statistics.ts';
import { connectStream } from './streams.ts';

const PAIRS = 25;
const AT_ONCE = 16;
const MAXIMUM_MS = 15_000;
const WARM_UP_MS = 30_000;

/**
 * Mixed load of fifty people, each with an open stream and a device that is notified, at half of the server's maximum rate. Reports
 * errors, memory, event loop delay, what was lost or is otherwise than acknowledged, wrong rows and a wrong search index.
 */
export function benchSoak(minutes: number): Promise<Table[]> {
  return withBenchStack(async (stack) => {
    const keys = createVapidKeys();
    writeFileSync(vapidKeysFile(stack.dir), JSON.stringify(keys));
    const pushService = await startPushService();
    const env = {
      PUSH_SERVICES: pushService.origin,
      VAPID_PUBLIC_KEY: keys.publicKey,
      LOCAL_DATA_DIR: stack.dir,
    };
    const monitorFile = path.join(stack.dir, 'vitals.jsonl');
    const server = await startMonitored(stack, { monitorFile, env });
    const runner = startProgram('stream runner', 'apps/stream-lambda/src/dev.ts', { ...stack.services, ...env });
    try {
      return await runLoad(stack, server, { minutes, monitorFile, pushService });
    } finally {
      await runner.stop();
      await pushService.close();
    }
  });
}

async function runLoad(
  stack: BenchStack,
  server: BenchServer,
  { minutes, monitorFile, pushService }: { minutes: number; monitorFile: string; pushService: PushService },
): Promise<Table[]> {
  const deliveries = createDeliveries();
  const messages = createChangingMessages();
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  try {
    const people = await makePairs(stack, PAIRS);
    await pMap(people, ({ person, token }) =>
      connectStream(server.url, token, agent, deliveries.receivedBy(person.uuid)),
    );
    const devices = await pMap(people, ({ token }) => setUp({ url: server.url, token }, pushService));
    const { next, times, acknowledged } = createLoad(server.url, people, { deliveries, messages });
    const first = await callFlatOut(next, AT_ONCE, MAXIMUM_MS);
    const maximum = await callFlatOut(next, AT_ONCE, MAXIMUM_MS);
    const rate = maximum.calls / maximum.seconds / 2;
    log(`maximum ${(2 * rate).toFixed(0)} calls/s; ${minutes} minutes at ${rate.toFixed(0)}`);
    const warmUp = await callAtRate(next, rate, WARM_UP_MS);
    // What waited behind the maximum load would count as slow.
    deliveries.times.length = 0;
    times.clear();
    const vitals = [await readVitals(server, monitorFile)];
    const halves: Stretch[] = [];
    for (const half of ['first', 'second']) {
      halves.push(await callAtRate(next, rate, minutes * 30_000));
      vitals.push(await readVitals(server, monitorFile));
      log(`${half} half: ${JSON.stringify(vitals.at(-1))}`);
    }
    const delivery = [...deliveries.times];
    const after = await settle(stack, people, { deliveries, messages, acknowledged });
    const pushes = await pMap(devices, (device) => device.count());
    const stretches = [first, maximum, warmUp, ...halves];
    const rows = report({ minutes, rate, stretches, halves, vitals, delivery, after, pushes });
    return [{ head: ['what', 'measured'], rows }, reportProcedures(times)];
  } finally {
    agent.destroy();
  }
}

/** Lets strangers only ask a person, and registers a device of theirs, which the push service keeps. */
async function setUp(server: { url: string; token: string }, { origin }: PushService) {
  const device = subscribeAt(origin);
  const { endpoint, keys } = device;
  await callProcedure(server, 'users.updateSettings', { whoMayMessage: 'requests' }, 'mutation');
  await callProcedure(server, 'devices.register', { endpoint, keys, name: 'Firefox', hidesText: false }, 'mutation');
  return device;
}

function startMonitored(
  stack: BenchStack,
  { monitorFile, env }: { monitorFile: string; env: Record<string, string> },
): Promise<BenchServer> {
  const monitor = pathToFileURL(path.join(ROOT_DIR, 'bench/soak/monitor.ts'));
  monitor.searchParams.set('file', monitorFile);
  const NODE_OPTIONS = `${BUILT.env.NODE_OPTIONS} --import @cruddur/config/typescript --import ${monitor.href}`;
  return stack.startServer({ file: BUILT.file, env: { ...BUILT.env, ...env, NODE_OPTIONS } });
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
  /** By device. */
  pushes: number[];
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
    ['messages changed otherwise than acknowledged', String(after.changedOtherwise)],
    ['requests; answered otherwise than acknowledged', `${after.requests}; ${after.answeredOtherwise}`],
    ['reports; lost', `${after.reports}; ${after.reportsLost}`],
    ['wrong rows, duplicate messages (`verifyTable`)', countWithFirst(after.breaches)],
    [
      'indexed messages; differences from the table (`verifyIndex`)',
      `${after.indexed}; ${countWithFirst(after.indexBreaches)}`,
    ],
    [
      'pushes, of all and of the device with fewest',
      `${run.pushes.reduce((sum, count) => sum + count, 0)}, ${Math.min(...run.pushes)}`,
    ],
    ['rows right after the last call, s', (after.settledMs / 1000).toFixed(1)],
  ];
}

const countWithFirst = (faults: string[]) => (faults.length === 0 ? '0' : `${faults.length}: ${faults[0]}`);

function reportProcedures(times: Map<string, number[]>): Table {
  const rows = [...times].map(([procedure, each]) => [procedure, String(each.length), percentiles(each)]);
  const byCalls = (a: string[], b: string[]) => Number(b[1]) - Number(a[1]);
  return { head: ['procedure', 'calls', 'p50 / p99 ms'], rows: rows.sort(byCalls) };
}

function percentiles(times: number[]): string {
  return [0.5, 0.99].map((q) => quantile(times, q).toFixed(1)).join(' / ');
}
