import { randomUUID } from 'node:crypto';
import { type Listener, listen, notify } from '@cruddur/db';
import { log, type Table } from './report.ts';
import { type BenchStack, withBenchStack } from './stack.ts';
import { spread } from './statistics.ts';

const ROUNDS = 5;
const ROUND_MS = 1000;
/** A notification of a message of 400 bytes. */
const PAYLOAD_BYTES = 1000;
const LISTENERS = [2, 20];
const BATCHES = [1, 100];

/** Notifications per second that all listeners of one PostgreSQL receive, sent on 16 connections. */
export function benchBus(): Promise<Table[]> {
  return withBenchStack(async ({ database, databaseUrl }) => {
    const rows: string[][] = [];
    for (const count of LISTENERS) {
      for (const batch of BATCHES) {
        log(`${count} listeners, ${batch} payloads per statement`);
        const channel = `bench_${randomUUID().replaceAll('-', '')}`;
        const received = Array.from({ length: count }, () => 0);
        const listeners = await Promise.all(received.map((_, i) => countPayloads(databaseUrl, channel, received, i)));
        const rates: number[] = [];
        for (let round = 0; round <= ROUNDS; round++) {
          const rate = await measure(database, channel, batch, received);
          if (round > 0) rates.push(rate);
        }
        await Promise.all(listeners.map((listener) => listener.close()));
        rows.push([String(count), String(batch), spread(rates, 0)]);
      }
    }
    return [{ head: ['listeners', 'payloads per statement', 'notifications/s, received by all'], rows }];
  });
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

async function measure(
  { db }: BenchStack['database'],
  channel: string,
  batch: number,
  received: readonly number[],
): Promise<number> {
  const payloads = Array.from({ length: batch }, (_, i) => `${i} ${'x'.repeat(PAYLOAD_BYTES)}`);
  const before = [...received];
  let sent = 0;
  const start = performance.now();
  const loop = async () => {
    while (performance.now() - start < ROUND_MS) {
      await notify(db, channel, payloads);
      sent += batch;
    }
  };
  await Promise.all(Array.from({ length: 16 }, loop));
  const all = () => received.every((count, i) => count - (before[i] ?? 0) >= sent);
  while (!all()) await new Promise((resolve) => setTimeout(resolve, 1));
  return sent / ((performance.now() - start) / 1000);
}
