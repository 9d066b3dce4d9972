import { randomUUID } from 'node:crypto';
import { createDatabase, type Listener, listen, notify } from '@cruddur/db';
import { eventTo, hasRedis, startRedisBus } from './redis-bus.ts';
import { log, type Table } from './report.ts';
import { type BenchStack, withBenchStack } from './stack.ts';
import { spread } from './statistics.ts';

const ROUNDS = 5;
const ROUND_MS = 1000;
/** A notification of a message of 400 bytes. */
const PAYLOAD_BYTES = 1000;
const LISTENERS = [2, 20, 100];
/** Payloads in a statement of NOTIFY, and callers of the publish queue over Redis: one statement each, or as many as fit. */
const BATCHES = [1, 100];
const LOOPS = 16;

/** Events per second that all receive who should: over NOTIFY every listener, over Redis those of the two recipients. */
export async function benchBus(): Promise<Table[]> {
  const rows = await withBenchStack(benchNotify);
  if (await hasRedis()) rows.push(...(await benchRedis()));
  else log('The bus over Redis is skipped: Debian’s redis-server is not installed.');
  return [{ head: ['bus', 'listeners', 'sent at once', 'events/s, received by all who should'], rows }];
}

async function benchNotify({ databaseUrl }: BenchStack): Promise<string[][]> {
  const rows: string[][] = [];
  // No loop waits for a connection.
  const { db, close } = createDatabase(databaseUrl, { max: LOOPS });
  for (const count of LISTENERS) {
    for (const batch of BATCHES) {
      log(`NOTIFY, ${count} listeners, ${batch} payloads per statement`);
      const channel = `bench_${randomUUID().replaceAll('-', '')}`;
      const received = Array.from({ length: count }, () => 0);
      const listeners = await Promise.all(received.map((_, i) => countPayloads(databaseUrl, channel, received, i)));
      const payloads = Array.from({ length: batch }, (_, i) => `${i} ${'x'.repeat(PAYLOAD_BYTES)}`);
      const rates = await measureRounds({
        loops: LOOPS,
        async send() {
          await notify(db, channel, payloads);
          return batch;
        },
        received: () => Math.min(...received),
      });
      await Promise.all(listeners.map((listener) => listener.close()));
      rows.push(['NOTIFY', String(count), `${LOOPS} statements of ${batch}`, spread(rates, 0)]);
    }
  }
  await close();
  return rows;
}

async function benchRedis(): Promise<string[][]> {
  const rows: string[][] = [];
  for (const count of LISTENERS) {
    const bus = await startRedisBus(count);
    for (const batch of BATCHES) {
      log(`Redis, ${count} listeners, ${batch * LOOPS} events at a time`);
      let next = 0;
      const rates = await measureRounds({
        loops: batch * LOOPS,
        async send() {
          if (!(await bus.publish(eventTo(next++)))) throw new Error('an event was lost');
          return 1;
        },
        received: () => bus.received() / 2,
      });
      rows.push(['Redis', String(count), `${batch * LOOPS} events`, spread(rates, 0)]);
    }
    await bus.stop();
  }
  return rows;
}

/** Listens to a channel, and counts its payloads in `received[i]`. */
function countPayloads(url: string, channel: string, received: number[], i: number): Promise<Listener> {
  return new Promise((resolve) => {
    const listener = listen(url, channel, {
      onPayload: () => {
        received[i] = (received[i] ?? 0) + 1;
      },
      onListening: () => resolve(listener),
      onLost: (error) => log(error.message),
    });
  });
}

interface Sending {
  /** How many send at the same time, each one after the other. */
  loops: number;
  /** Resolves to the number of events that it sent. */
  send: () => Promise<number>;
  /** How many events all have received so far who should. */
  received: () => number;
}

/** Events per second of each round, after one that warms up. */
async function measureRounds(sending: Sending): Promise<number[]> {
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) rates.push(await measure(sending));
  return rates.slice(1);
}

async function measure({ loops, send, received }: Sending): Promise<number> {
  const before = received();
  let sent = 0;
  const start = performance.now();
  const loop = async () => {
    while (performance.now() - start < ROUND_MS) {
      const count = await send();
      sent += count;
    }
  };
  await Promise.all(Array.from({ length: loops }, loop));
  while (received() - before < sent) await new Promise((resolve) => setTimeout(resolve, 1));
  return sent / ((performance.now() - start) / 1000);
}
