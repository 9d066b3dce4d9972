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

/** Timed messages, and the pause between them. */
const MESSAGES = 150;
const PAUSE_MS = 10;
/** A stream is idle after its last catch-up, which comes after 30 seconds, and the collection of garbage that follows. */
export const SETTLE_MS = 50_000;
export const SETTLE_MS_PER_STREAM = 3;
const IDLE_MS = 10_000;
/** People who receive messages, spread over all streams. */
const RECIPIENTS = 50;

/**
 * Holds numbers of streams open at one instance, sends messages at another, and times their arrival. A stream takes a file
 * descriptor of this process and one of the server.
 */
export function benchStreams(counts: number[]): Promise<Table[]> {
  return withBenchStack(async (stack) => {
    const people = await pMap(
      Array.from({ length: Math.max(...counts) }, (_, i) => i),
      (i) => stack.makePerson(`listener${i}`),
      { concurrency: 8 },
    );
    // A server that also receives all notifications, but has no streams.
    const empty = await stack.startServer();
    const rows: string[][] = [];
    for (const count of counts) {
      log(`${count} streams`);
      rows.push([String(count), ...(await measureStreams(stack, empty, people.slice(0, count)))]);
    }
    return [{ head: ['open streams', 'kB per stream', 'delivery p50 / p95 ms', 'idle CPU, % of a core'], rows }];
  });
}

async function measureStreams(stack: BenchStack, empty: BenchServer, listeners: BenchPerson[]): Promise<string[]> {
  const server = await stack.startServer();
  const groups = await startGroups(stack, listeners);
  const arrivals = new Map<string, (at: number) => void>();
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  const countOpen = () => Object.values(agent.sockets).flat().length;
  try {
    const connect = ({ token }: BenchPerson) => connectStream(server.url, token, agent, arrivals);
    const refusal = await pMap(listeners, connect, { concurrency: 50 }).then(() => undefined, String);
    if (refusal !== undefined) return [`refused after ${countOpen()}: ${refusal}`, '–', '–'];
    await sleep(SETTLE_MS + SETTLE_MS_PER_STREAM * listeners.length);
    const idle = await cpuShare(server);
    const kilobytes = (residentKilobytes(server) - residentKilobytes(empty)) / listeners.length;
    const times = await timeMessages(stack, groups, arrivals);
    if (countOpen() < listeners.length) throw new Error(`${countOpen()} of ${listeners.length} streams are open`);
    const [p50, p95] = [0.5, 0.95].map((q) => quantile(times, q).toFixed(1));
    return [kilobytes.toFixed(0), `${p50} / ${p95}`, (idle * 100).toFixed(1)];
  } finally {
    agent.destroy();
  }
}

async function timeMessages(stack: BenchStack, groups: string[], arrivals: Map<string, (at: number) => void>) {
  const times: number[] = [];
  for (let i = 0; i < MESSAGES; i++) {
    times.push(await timeMessage(stack, groups[i % groups.length] ?? '', arrivals));
    await sleep(PAUSE_MS);
  }
  return times;
}

/** Starts Ana's groups with some of the people, who are spread evenly. */
export async function startGroups({ store, ana }: BenchStack, listeners: BenchPerson[]): Promise<string[]> {
  const step = Math.ceil(listeners.length / RECIPIENTS);
  const recipients = listeners.filter((_, i) => i % step === 0);
  const start = ({ person }: BenchPerson) =>
    createMessageToPerson(store, person, { uuid: v7(), sender: ana, text: 'Hello' });
  return (await pMap(recipients, start, { concurrency: 4 })).map(({ messageGroupUuid }) => messageGroupUuid);
}

export async function timeMessage(
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

/**
 * Opens a stream until the agent is destroyed. Resolves when it has caught up.
 *
 * @param onCaughtUp - called each time that it has
 */
export function connectStream(
  url: string,
  token: string,
  agent: Agent,
  arrivals: { get(messageUuid: string): ((at: number) => void) | undefined },
  onCaughtUp: () => void = () => undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    const request = get(`${url}/trpc/events.subscribe?input=%7B%7D`, { agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`a stream was refused with ${response.statusCode}`));
      response.once('close', () => reject(new Error('a stream ended')));
      response.setEncoding('utf8');
      let rest = '';
      response.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          if (!line.startsWith('data: {')) continue;
          const event = JSON.parse(line.slice(6)) as { type?: string; message?: { uuid: string }; data?: unknown };
          if (event.type === 'caught_up') {
            resolve();
            onCaughtUp();
          } else if (event.type === 'message') arrivals.get(event.message?.uuid ?? '')?.(performance.now());
          else if (event.data) reject(new Error(`a stream was refused: ${line}`));
        }
      });
    });
    request.on('error', reject);
  });
}

export function residentKilobytes({ pid }: BenchServer): number {
  const status = readFileSync(`/proc/${pid()}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
}

/** The share of a core that a server uses. */
async function cpuShare(server: BenchServer): Promise<number> {
  const before = processorSeconds(server);
  await sleep(IDLE_MS);
  return (processorSeconds(server) - before) / (IDLE_MS / 1000);
}
