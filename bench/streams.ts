import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMessageToPerson } from '@cruddur/ddb';
import pMap from 'p-map';
import { v7 } from 'uuid';
import { callProcedure } from './calls.ts';
import { log, type Table } from './report.ts';
import { type BenchPerson, type BenchServer, type BenchStack, processorSeconds, withBenchStack } from './stack.ts';
import { quantile } from './statistics.ts';

const COUNTS = [500, 2000];
/** Timed messages, and the pause between them. */
const MESSAGES = 150;
const PAUSE_MS = 10;
/** A stream is idle after its last catch-up, which comes after 30 seconds. */
const SETTLE_MS = 36_000;
const IDLE_MS = 10_000;
/** People who receive messages, spread over all streams. */
const RECIPIENTS = 50;

/** Holds many streams open at one instance, sends messages at another, and times their arrival. */
export function benchStreams(): Promise<Table[]> {
  return withBenchStack(async (stack) => {
    const total = COUNTS.reduce((sum, count) => sum + count, 0);
    const indexes = Array.from({ length: total }, (_, i) => i);
    const people = await pMap(indexes, (i) => stack.makePerson(`listener${i}`), { concurrency: 8 });
    // A server that also receives all notifications, but has no streams.
    const empty = await stack.startServer();
    const held: HeldStreams[] = [];
    for (const count of COUNTS) {
      log(`${count} streams`);
      held.push(await hold(stack, await stack.startServer(), people.splice(0, count)));
    }
    await sleep(SETTLE_MS);
    const idle = await Promise.all(held.map(({ server }) => cpuShare(server)));
    const rows: string[][] = [];
    for (const [i, { count, server, deliver, close }] of held.entries()) {
      const kilobytes = (residentKilobytes(server) - residentKilobytes(empty)) / count;
      const times = await deliver();
      const [p50, p95] = [0.5, 0.95].map((q) => quantile(times, q).toFixed(1));
      rows.push([String(count), kilobytes.toFixed(0), `${p50} / ${p95}`, ((idle[i] ?? Number.NaN) * 100).toFixed(1)]);
      close();
    }
    return [{ head: ['open streams', 'kB per stream', 'delivery p50 / p95 ms', 'idle CPU, % of a core'], rows }];
  });
}

interface HeldStreams {
  count: number;
  server: BenchServer;
  /** Sends messages to some of the people, and returns the milliseconds from each call to its event. */
  deliver: () => Promise<number[]>;
  close: () => void;
}

async function hold(stack: BenchStack, server: BenchServer, listeners: BenchPerson[]): Promise<HeldStreams> {
  const step = Math.floor(listeners.length / RECIPIENTS);
  const groups = await pMap(
    listeners.filter((_, i) => i % step === 0),
    ({ person }) => createMessageToPerson(stack.store, person, { uuid: v7(), sender: stack.ana, text: 'Hello' }),
    { concurrency: 4 },
  );
  const arrivals = new Map<string, (at: number) => void>();
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  const closers = await pMap(listeners, ({ token }) => connectStream(server.url, token, agent, arrivals), {
    concurrency: 50,
  });
  return {
    count: listeners.length,
    server,
    async deliver() {
      const times: number[] = [];
      for (let i = 0; i < MESSAGES; i++) {
        const { messageGroupUuid } = groups[i % groups.length] ?? { messageGroupUuid: '' };
        times.push(await timeMessage(stack, messageGroupUuid, arrivals));
        await sleep(PAUSE_MS);
      }
      return times;
    },
    close() {
      for (const close of closers) close();
      agent.destroy();
    },
  };
}

async function timeMessage(
  stack: BenchStack,
  messageGroupUuid: string,
  arrivals: Map<string, (at: number) => void>,
): Promise<number> {
  const clientMessageUuid = v7();
  const arrived = new Promise<number>((resolve) => arrivals.set(clientMessageUuid, resolve));
  const start = performance.now();
  const input = { message: 'x'.repeat(400), clientMessageUuid, messageGroupUuid };
  await callProcedure({ url: stack.apiUrl, token: stack.accessToken }, 'messages.create', input, 'mutation');
  const at = await Promise.race([arrived, sleep(5000, undefined, { ref: false })]);
  if (at === undefined) throw new Error('a message did not arrive');
  return at - start;
}

/** Opens a stream. Resolves when it has caught up, with a function that closes it. */
export function connectStream(
  url: string,
  token: string,
  agent: Agent,
  arrivals: { get(messageUuid: string): ((at: number) => void) | undefined },
): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    const request = get(`${url}/trpc/events.subscribe?input=%7B%7D`, { agent, headers }, (response) => {
      response.setEncoding('utf8');
      let rest = '';
      response.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          if (!line.startsWith('data: {')) continue;
          const event = JSON.parse(line.slice(6)) as { type?: string; message?: { uuid: string }; data?: unknown };
          if (event.type === 'caught_up') resolve(() => request.destroy());
          else if (event.type === 'message') arrivals.get(event.message?.uuid ?? '')?.(performance.now());
          else if (event.data) reject(new Error(`a stream was refused: ${line}`));
        }
      });
    });
    request.on('error', reject);
  });
}

function residentKilobytes({ pid }: BenchServer): number {
  const status = readFileSync(`/proc/${pid()}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
}

/** The share of a core that a server uses. */
async function cpuShare(server: BenchServer): Promise<number> {
  const before = processorSeconds(server);
  await sleep(IDLE_MS);
  return (processorSeconds(server) - before) / (IDLE_MS / 1000);
}
