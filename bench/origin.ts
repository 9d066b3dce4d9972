import { join } from 'node:path';
import { callRepeatedly, type Round } from './calls.ts';
import { type Compared, type Request, seedCalls } from './origin/compared-calls.ts';
import { startOrigin } from './origin/start-origin.ts';
import { log, type Table } from './report.ts';
import { type BenchServer, type BenchStack, processorSeconds, withBenchStack } from './stack.ts';
import { median, spreadOf } from './statistics.ts';

const ROUNDS = 3;
const ROUND_MS = 5000;
/** V8 compiles the code of a call after thousands of calls. */
const WARM_UP_MS = 5000;
const CONNECTIONS = [1, 16];
/** Of the rows of {@link compareServers}. */
export const COMPARED_HEAD = [
  'call',
  'at once',
  'rate ÷ its rate',
  'its processor time ÷ ours',
  'p50 ÷ its p50',
  'p50 ms, ours / its',
  'calls/s, ours / its',
  'CPU ms per call, ours / its',
];

interface Measured extends Round {
  /** Processor time of the server per call, in milliseconds. */
  cpu: number;
}

/** Our server compared with the origin's services, alternately, on the same engine and table. */
export async function benchOrigin(): Promise<Table[]> {
  return withBenchStack(compareCalls, { isDurable: true });
}

async function compareCalls(stack: BenchStack): Promise<Table[]> {
  const { calls, checkUnread } = await seedCalls(stack);
  const ours = await stack.startServer();
  const its = await startOrigin(stack.services, join(stack.dir, 'origin.log'));
  try {
    const rows: string[][] = [];
    for (const call of calls) rows.push(...(await compareServers(call, ours, its)));
    await checkUnread();
    return [{ head: COMPARED_HEAD, rows }];
  } finally {
    await its.stop();
  }
}

/** A call of ours compared with another server's, alternately, one and 16 at once. */
export async function compareServers(
  { name, ours, its }: Compared,
  ourServer: BenchServer,
  itsServer: BenchServer,
): Promise<string[][]> {
  await measure(ourServer, ours, 16, WARM_UP_MS);
  await measure(itsServer, its, 16, WARM_UP_MS);
  const rows: string[][] = [];
  for (const connections of CONNECTIONS) {
    log(`${name}, ${connections} at once`);
    const rounds: { ours: Measured; its: Measured }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({
        ours: await measure(ourServer, ours, connections, ROUND_MS),
        its: await measure(itsServer, its, connections, ROUND_MS),
      });
    }
    const both = (of: keyof Measured, digits: number) =>
      (['ours', 'its'] as const).map((which) => median(rounds.map((round) => round[which][of])).toFixed(digits));
    rows.push([
      name,
      String(connections),
      spreadOf(rounds, (round) => round.ours.rate / round.its.rate),
      spreadOf(rounds, (round) => round.its.cpu / round.ours.cpu),
      spreadOf(rounds, (round) => round.ours.p50 / round.its.p50),
      both('p50', 1).join(' / '),
      both('rate', 0).join(' / '),
      both('cpu', 2).join(' / '),
    ]);
  }
  return rows;
}

async function measure(server: BenchServer, request: Request, connections: number, milliseconds: number) {
  const before = processorSeconds(server);
  const round = await callRepeatedly({ url: server.url, connections, milliseconds, ...request });
  return { ...round, cpu: ((processorSeconds(server) - before) / round.calls) * 1000 };
}
