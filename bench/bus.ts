import { randomUUID } from 'node:crypto';
import { listen, notify } from '@cruddur/db';
import type { BenchStack } from './stack.ts';
import { spread } from './statistics.ts';

const ROUNDS = 5;
const ROUND_MS = 1000;
/** A message of 400 bytes with its two members, as it travels. */
const PAYLOAD_BYTES = 1000;
const LISTENERS = [2, 20];
const BATCHES = [1, 100];

export interface BusResult {
  listeners: number;
  /** Payloads in one statement. */
  batch: number;
  /** Notifications a second that every listener heard: median, least, greatest. */
  rate: string;
}

/** How many notifications a second one PostgreSQL carries to all listeners, sent from 16 connections. */
export async function benchBus(
  { database, databaseUrl: url }: BenchStack,
  log: (line: string) => void,
): Promise<BusResult[]> {
  const results: BusResult[] = [];
  for (const count of LISTENERS) {
    for (const batch of BATCHES) {
      log(`${count} listeners, ${batch} in a statement`);
      const channel = `bench_${randomUUID().replaceAll('-', '')}`;
      const heard = Array.from({ length: count }, () => 0);
      const listeners = await Promise.all(
        heard.map(async (_, i) => {
          const onPayload = () => {
            heard[i] = (heard[i] ?? 0) + 1;
          };
          return new Promise<{ close(): Promise<void> }>((resolve) => {
            const listener = listen(url, channel, {
              onPayload,
              onListening: () => resolve(listener),
              onLost: (error) => log(error.message),
            });
          });
        }),
      );
      const rates: number[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const rate = await measure(database, channel, batch, heard);
        if (round > 0) rates.push(rate);
      }
      await Promise.all(listeners.map((listener) => listener.close()));
      results.push({ listeners: count, batch, rate: spread(rates, 0) });
    }
  }
  return results;
}

async function measure(
  { db }: BenchStack['database'],
  channel: string,
  batch: number,
  heard: readonly number[],
): Promise<number> {
  const payloads = Array.from({ length: batch }, (_, i) => `${i} ${'x'.repeat(PAYLOAD_BYTES)}`);
  const before = [...heard];
  let sent = 0;
  const start = performance.now();
  const loop = async () => {
    while (performance.now() - start < ROUND_MS) {
      await notify(db, channel, payloads);
      sent += batch;
    }
  };
  await Promise.all(Array.from({ length: 16 }, loop));
  const all = () => heard.every((count, i) => count - (before[i] ?? 0) >= sent);
  while (!all()) await new Promise((resolve) => setTimeout(resolve, 1));
  return sent / ((performance.now() - start) / 1000);
}
