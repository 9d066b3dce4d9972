import { setTimeout as sleep } from 'node:timers/promises';

const TICK_MS = 10;
/** More concurrent calls mean that the server is overloaded. */
const CONCURRENT_MAX = 500;

export interface Stretch {
  calls: number;
  seconds: number;
  /** Milliseconds of each call. */
  times: number[];
  errors: string[];
}

/** Calls as fast as possible with this concurrency. */
export async function callFlatOut(next: () => Promise<unknown>, atOnce: number, ms: number): Promise<Stretch> {
  const stretch = begin();
  const end = performance.now() + ms;
  const loop = async () => {
    while (performance.now() < end) await timeCall(next, stretch);
  };
  await Promise.all(Array.from({ length: atOnce }, loop));
  return finish(stretch);
}

/** Calls at a fixed rate, without waiting for earlier calls. */
export async function callAtRate(next: () => Promise<unknown>, rate: number, ms: number): Promise<Stretch> {
  const stretch = begin();
  const running = new Set<Promise<void>>();
  const start = performance.now();
  for (let begun = 0; performance.now() - start < ms; await sleep(TICK_MS)) {
    const due = ((performance.now() - start) / 1000) * rate;
    for (; begun < due; begun++) {
      if (running.size >= CONCURRENT_MAX) stretch.errors.push(`${CONCURRENT_MAX} concurrent calls`);
      else {
        const one: Promise<void> = timeCall(next, stretch).finally(() => running.delete(one));
        running.add(one);
      }
    }
  }
  await Promise.all(running);
  return finish(stretch);
}

const begin = () => ({ startedAt: performance.now(), times: [] as number[], errors: [] as string[] });

function finish({ startedAt, times, errors }: ReturnType<typeof begin>): Stretch {
  return { calls: times.length, seconds: (performance.now() - startedAt) / 1000, times, errors };
}

async function timeCall(next: () => Promise<unknown>, stretch: { times: number[]; errors: string[] }): Promise<void> {
  const before = performance.now();
  await next().catch((error: unknown) => stretch.errors.push(String(error)));
  stretch.times.push(performance.now() - before);
}
