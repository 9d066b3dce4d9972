import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import { log, type Table } from './report.ts';
import { type BenchServer, type BenchStack, processorSeconds, withBenchStack } from './stack.ts';
import { quantile } from './statistics.ts';
import {
  connectStream,
  residentKilobytes,
  SETTLE_MS,
  SETTLE_MS_PER_STREAM,
  startGroups,
  timeMessage,
} from './streams.ts';

/** Pause between messages, which go on while the streams catch up. */
const PAUSE_MS = 100;
const BEFORE_MS = 5000;
/** Longest that the last stream may take. */
const LONGEST_MS = 120_000;
const HEAD = [
  'open streams',
  'caught up after: half / 95 % / all, s',
  'processor time, s',
  'memory before / most, MB',
  'delivery before, p50 / p95 ms',
  'delivery meanwhile, p50 / p95 ms',
];

/** PostgreSQL ends the session of an instance that listens: times how its streams catch up, and the messages that arrive meanwhile. */
export function benchGap(count: number): Promise<Table[]> {
  return withBenchStack(async (stack) => {
    const listeners = await pMap(
      Array.from({ length: count }, (_, i) => i),
      (i) => stack.makePerson(`listener${i}`),
      { concurrency: 8 },
    );
    const server = await stack.startServer();
    const groups = await startGroups(stack, listeners);
    const arrivals = new Map<string, (at: number) => void>();
    const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
    const caughtUp = new Map<string, number>();
    try {
      log(`${count} streams`);
      await pMap(
        listeners,
        ({ person: { uuid }, token }) =>
          connectStream(server.url, token, agent, arrivals, () => caughtUp.set(uuid, performance.now())),
        { concurrency: 50 },
      );
      await sleep(SETTLE_MS + SETTLE_MS_PER_STREAM * count);
      const send = createSender(stack, groups, arrivals);
      const before = await send(performance.now() + BEFORE_MS);
      return [
        { head: HEAD, rows: [[String(count), ...(await measureGap(stack, server, count, caughtUp, send, before))]] },
      ];
    } finally {
      agent.destroy();
    }
  });
}

type Send = ReturnType<typeof createSender>;

function createSender(stack: BenchStack, groups: string[], arrivals: Map<string, (at: number) => void>) {
  let sent = 0;
  /** Sends a message after the other. Returns the milliseconds that each took to arrive. */
  return async (until: number, isDone: () => boolean = () => false): Promise<number[]> => {
    const times: number[] = [];
    while (performance.now() < until && !isDone()) {
      times.push(await timeMessage(stack, groups[sent++ % groups.length] ?? '', arrivals));
      await sleep(PAUSE_MS);
    }
    return times;
  };
}

async function measureGap(
  { database }: BenchStack,
  server: BenchServer,
  count: number,
  caughtUp: Map<string, number>,
  send: Send,
  before: number[],
): Promise<string[]> {
  caughtUp.clear();
  const idleKilobytes = residentKilobytes(server);
  let mostKilobytes = idleKilobytes;
  const processor = processorSeconds(server);
  const start = performance.now();
  await database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cruddur-listener'",
  );
  // The first message waits until the instance listens again.
  const meanwhile = await send(start + LONGEST_MS, () => {
    mostKilobytes = Math.max(mostKilobytes, residentKilobytes(server));
    return caughtUp.size >= count;
  });
  if (caughtUp.size < count) throw new Error(`${caughtUp.size} of ${count} streams have caught up`);
  const seconds = [...caughtUp.values()].map((at) => (at - start) / 1000);
  const megabytes = (kilobytes: number) => (kilobytes / 1000).toFixed(0);
  return [
    [0.5, 0.95, 1].map((q) => quantile(seconds, q).toFixed(1)).join(' / '),
    (processorSeconds(server) - processor).toFixed(1),
    `${megabytes(idleKilobytes)} / ${megabytes(mostKilobytes)}`,
    ...[before, meanwhile].map((times) => [0.5, 0.95].map((q) => quantile(times, q).toFixed(1)).join(' / ')),
  ];
}
