import type { Browser, Page } from 'playwright-core';

/** Tasks of the main threads of all pages. */
export interface Tasks {
  /** Longest wall-clock time and longest CPU time of a task, in milliseconds. */
  longest: number;
  longestCpu: number;
  /** Number of tasks with more than 50 ms of CPU time. */
  long: number;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Wall-clock and CPU time, in microseconds. */
  dur?: number;
  tdur?: number;
  args: { name?: string };
}

const LONG_MS = 50;

/** Traces the tasks of the main thread during an action. */
export async function traceTasks(browser: Browser, page: Page, act: () => Promise<void>): Promise<Tasks> {
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline', '__metadata'] });
  await act();
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
