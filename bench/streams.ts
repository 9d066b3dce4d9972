import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createUser } from '@cruddur/db';
import { createMessageStore, createMessageToPerson, type Person } from '@cruddur/ddb';
import pMap from 'p-map';
import { v7 } from 'uuid';
import { forgeToken } from '../apps/server/tests/forge-token.ts';
import { processorSeconds } from './processor-time.ts';
import type { BenchServer, BenchStack } from './stack.ts';

const COUNTS = [500, 2000];
/** Messages whose way is timed, and the pause between two, in milliseconds. */
const MESSAGES = 150;
const PAUSE_MS = 10;
/** The last look at what the Lambda may not have moved comes after 30 seconds, and 2,000 looks take some; then a stream is idle. */
const SETTLE_MS = 36_000;
const IDLE_MS = 10_000;
/** People who are written to: spread over all streams. */
const RECIPIENTS = 50;

export interface StreamsResult {
  count: number;
  /** Of the server's process, resident, in kilobytes. */
  kilobytesAStream: number;
  /** From the sender's call, at another instance, to the recipient's stream; milliseconds. */
  p50: number;
  p95: number;
  /** Of one core, while nothing happens. */
  idleCpu: number;
}

/** Holds many streams open at one instance, writes at another, and times what arrives. */
export async function benchStreams(stack: BenchStack, log: (line: string) => void): Promise<StreamsResult[]> {
  const people = await makePeople(
    stack,
    COUNTS.reduce((sum, count) => sum + count, 0),
  );
  // Its memory is what a server has that has only heard of the others' messages.
  const empty = await stack.startServer();
  const held: HeldStreams[] = [];
  for (const count of COUNTS) {
    log(`${count} streams`);
    held.push(await hold(stack, await stack.startServer(), people.splice(0, count)));
  }
  // All at once, since the longest part is to wait.
  await sleep(SETTLE_MS);
  const idle = await Promise.all(held.map(({ server }) => cpuShare(server)));
  const results: StreamsResult[] = [];
  for (const [i, { count, server, deliver, close }] of held.entries()) {
    const kilobytesAStream = (residentKilobytes(server) - residentKilobytes(empty)) / count;
    results.push({ count, kilobytesAStream, ...(await deliver()), idleCpu: idle[i] ?? Number.NaN });
    close();
  }
  return results;
}

/** Streams that are open at one instance. */
interface HeldStreams {
  count: number;
  server: BenchServer;
  /** Sends messages to some of their people, and times them; milliseconds. */
  deliver: () => Promise<{ p50: number; p95: number }>;
  close: () => void;
}

interface Listener {
  person: Person;
  token: string;
}

async function makePeople(stack: BenchStack, count: number): Promise<Listener[]> {
  const indexes = Array.from({ length: count }, (_, i) => i);
  return pMap(
    indexes,
    async (i) => {
      const cognitoUserId = randomUUID();
      const handle = `listener${i}`;
      const email = `${handle}@cruddur.example`;
      const person = await createUser(stack.database.db, { handle, displayName: handle, email, cognitoUserId });
      const exp = Math.floor(Date.now() / 1000) + 3600;
      return { person, token: await forgeToken(stack.cognito, { sub: cognitoUserId, exp }) };
    },
    { concurrency: 8 },
  );
}

async function hold(stack: BenchStack, server: BenchServer, listeners: Listener[]): Promise<HeldStreams> {
  const store = createMessageStore({ ...stack.table, cursorSecret: randomUUID().repeat(2) });
  const step = Math.floor(listeners.length / RECIPIENTS);
  const groups = await pMap(
    listeners.filter((_, i) => i % step === 0),
    ({ person }) => createMessageToPerson(store, person, { uuid: v7(), sender: stack.ana, text: 'Hello' }),
    { concurrency: 4 },
  );
  const arrivals = new Map<string, (at: number) => void>();
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  const closers = await pMap(listeners, ({ token }) => openStream(server.url, token, agent, arrivals), {
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
      times.sort((a, b) => a - b);
      const at = (q: number) => times[Math.floor(q * (times.length - 1))] ?? Number.NaN;
      return { p50: at(0.5), p95: at(0.95) };
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
  const response = await fetch(`${stack.apiUrl}/trpc/messages.create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'x'.repeat(400), clientMessageUuid, messageGroupUuid }),
  });
  if (!response.ok) throw new Error(`messages.create answered ${response.status}`);
  const at = await Promise.race([arrived, sleep(5000, undefined, { ref: false })]);
  if (at === undefined) throw new Error('a message did not arrive');
  return at - start;
}

/** Opens a stream, and resolves, with what closes it, when it has caught up. */
export function openStream(
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

/** The share of one core that a process takes, over some seconds. */
async function cpuShare(server: BenchServer): Promise<number> {
  const before = processorSeconds(server);
  await sleep(IDLE_MS);
  return (processorSeconds(server) - before) / (IDLE_MS / 1000);
}
