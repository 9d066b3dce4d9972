import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Loaded into a server by `--import`. On SIGUSR2 it appends the process's vitals to the file in its URL.

export interface Vitals {
  residentBytes: number;
  /** After a garbage collection. */
  heapBytes: number;
  /** Event loop delay since the last vitals, in milliseconds. */
  delayP50: number;
  delayP99: number;
  delayMax: number;
}

const RESOLUTION_MS = 10;
const file = new URL(import.meta.url).searchParams.get('file');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

process.on('SIGUSR2', () => {
  // The histogram has the time between two of its timers.
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const [delayP50, delayP99, delayMax] = [late(delay.percentile(50)), late(delay.percentile(99)), late(delay.max)];
  collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  const vitals: Vitals = { residentBytes: rss, heapBytes: heapUsed, delayP50, delayP99, delayMax };
  if (file !== null) appendFileSync(file, `${JSON.stringify(vitals)}\n`);
  delay.reset();
});
