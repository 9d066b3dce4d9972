import type { Browser, Page } from 'playwright-core';

/** What the pages' main threads did. */
export interface Tasks {
  /** Milliseconds of the longest task, by the clock, and the most that one had of a processor. */
  longest: number;
  longestCpu: number;
  /** How many tasks had more than 50 ms of a processor. */
  long: number;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds, by the clock and of a processor. */
  dur?: number;
  tdur?: number;
  args: { name?: string };
}

const LONG_MS = 50;

/** Traces the tasks of a page's main thread while something is done. */
export async function traceTasks(browser: Browser, page: Page, doIt: () => Promise<void>): Promise<Tasks> {
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline', '__metadata'] });
  await doIt();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const mainThreads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && mainThreads.has(`${pid} ${tid}`),
  );
  const times = (of: 'dur' | 'tdur') => tasks.map((task) => (task[of] ?? 0) / 1000);
  const greatest = (values: number[]) => values.reduce((most, value) => Math.max(most, value), 0);
  return {
    longest: greatest(times('dur')),
    longestCpu: greatest(times('tdur')),
    long: times('tdur').filter((ms) => ms > LONG_MS).length,
  };
}
