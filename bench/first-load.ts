import { setTimeout as sleep } from 'node:timers/promises';
import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import type { BrowserContext, CDPSession } from 'playwright-core';
import { newContext, newPage, signInSeeded, withProduction } from './production.ts';
import { log, type Table } from './report.ts';
import { median, spreadOf } from './statistics.ts';

const ROUNDS = 5;
/** Slow 4G, as in Lighthouse, in bytes per second and milliseconds. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
const CPU_RATE = 4;
/** Time for later paints and layout shifts after the page is ready. */
const SETTLE_MS = 700;
const READY_MS = 30_000;

/** There once the newest messages of a thread are. */
export const THREAD_READY = '[role=log] [data-testid=message]';

const PAGES = [
  { name: '/signin', path: '/signin', readySelector: 'h1', signedIn: false },
  {
    name: 'a thread',
    path: `/messages/${SEEDED_MESSAGE_GROUP_UUID}`,
    readySelector: THREAD_READY,
    signedIn: true,
  },
] as const;

export interface Load {
  /** Milliseconds. */
  lcp: number;
  /** When the main content is painted, in milliseconds. */
  readyAt: number;
  cls: number;
  /** Compressed bytes until the page was ready, without headers. */
  scriptBytes: number;
  bytes: number;
}

/** First loads of the production build with a slow network, a slow processor and an empty cache. */
export function benchFirstLoad(): Promise<Table[]> {
  return withProduction(async ({ stack, browser }) => {
    const context = await newContext(browser, stack.webUrl);
    await signInSeeded(context, 'andrewbrown');
    const storageState = await context.storageState();
    await context.close();
    const rows: string[][] = [];
    for (const { name, path, readySelector, signedIn } of PAGES) {
      log(name);
      const rounds: Load[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const fresh = await newContext(browser, stack.webUrl, signedIn ? { storageState } : {});
        rounds.push(await loadSlowly(fresh, path, readySelector));
        await fresh.close();
      }
      const kilobytes = (of: 'bytes' | 'scriptBytes') => (median(rounds.map((each) => each[of])) / 1000).toFixed(0);
      rows.push([
        name,
        spreadOf(rounds, ({ lcp }) => lcp / 1000),
        spreadOf(rounds, ({ readyAt }) => readyAt / 1000),
        spreadOf(rounds, ({ cls }) => cls, 3),
        kilobytes('scriptBytes'),
        kilobytes('bytes'),
      ]);
    }
    return [{ head: ['page', 'LCP s', 'ready after s', 'CLS', 'JavaScript kB', 'all kB'], rows }];
  });
}

/** Opens a page with a slow network and a slow processor. */
export async function loadSlowly(context: BrowserContext, path: string, readySelector: string): Promise<Load> {
  const page = await newPage(context);
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', NETWORK);
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_RATE });
  const received = countBytes(session);
  await page.addInitScript(watchPaints, readySelector);
  await session.send('Runtime.enable');
  await session.send('Runtime.addBinding', { name: 'pageReady' });
  await Promise.all([whenReady(session), page.goto(path, { waitUntil: 'commit' })]);
  const bytes = received();
  await sleep(SETTLE_MS);
  return { ...(await page.evaluate(paints)), ...bytes };
}

/** The page calls back, because Playwright's waiting would use the slowed processor. */
function whenReady(session: CDPSession): Promise<void> {
  return new Promise((resolve, reject) => {
    session.once('Runtime.bindingCalled', () => resolve());
    setTimeout(() => reject(new Error('The page is not ready')), READY_MS).unref();
  });
}

/** Counts bytes when they arrive, because an event stream never ends. */
function countBytes(session: CDPSession): () => { bytes: number; scriptBytes: number } {
  const scripts = new Set<string>();
  const bytes = new Map<string, number>();
  const add = (id: string, count: number) => bytes.set(id, (bytes.get(id) ?? 0) + count);
  const headers = new Map<string, number>();
  session.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script') scripts.add(requestId);
    headers.set(requestId, response.encodedDataLength);
  });
  session.on('Network.dataReceived', ({ requestId, encodedDataLength }) => add(requestId, encodedDataLength));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    bytes.set(requestId, encodedDataLength - (headers.get(requestId) ?? 0));
  });
  return () => {
    const sum = (entries: [string, number][]) => entries.reduce((total, [, count]) => total + count, 0);
    const all = [...bytes];
    return { bytes: sum(all), scriptBytes: sum(all.filter(([id]) => scripts.has(id))) };
  };
}

/** A binding of each page. */
declare function pageReady(payload: string): void;

interface WatchedWindow {
  paints: { lcp: number; readyAt: number; cls: number };
}

/** An init script that records paints and layout shifts. */
function watchPaints(readySelector: string): void {
  const paints = { lcp: 0, readyAt: 0, cls: 0 };
  Object.assign(window, { paints });
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) paints.lcp = startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
      if (!shift.hadRecentInput) paints.cls += shift.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
  const readiness = new MutationObserver(() => {
    if (!document.querySelector(readySelector)) return;
    readiness.disconnect();
    requestAnimationFrame(() => {
      paints.readyAt = performance.now();
      pageReady('');
    });
  });
  readiness.observe(document, { childList: true, subtree: true });
}

/** Runs in a page. */
function paints(): WatchedWindow['paints'] {
  return (window as unknown as WatchedWindow).paints;
}
