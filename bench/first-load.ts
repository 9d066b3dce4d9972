import { setTimeout as sleep } from 'node:timers/promises';
import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import type { BrowserContext, CDPSession } from 'playwright-core';
import { newContext, newPage, signInSeeded, withProduction } from './production.ts';
import { median, spread } from './statistics.ts';

const ROUNDS = 5;
/** Slow 4G and a slow processor, as in Lighthouse. In bytes a second and milliseconds. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
const CPU_RATE = 4;
/** How long after the page is ready larger paints and layout shifts may follow. */
const SETTLE_MS = 700;
/** A page that is not ready within this time has failed. */
const READY_MS = 30_000;

const PAGES = [
  { name: '/signin', path: '/signin', readySelector: 'h1', signedIn: false },
  {
    name: 'a thread',
    path: `/messages/${SEEDED_MESSAGE_GROUP_UUID}`,
    readySelector: '[role=log] [data-testid=message]',
    signedIn: true,
  },
] as const;

interface Load {
  /** Milliseconds. */
  lcp: number;
  /** When the page was ready: its main content is drawn. */
  readyAt: number;
  cls: number;
  /** Compressed bytes over the wire until the page was ready, without headers. */
  scriptBytes: number;
  bytes: number;
}

/** First loads of the production build over a slow network on a slow machine: nothing cached. */
export async function benchFirstLoad(log: (line: string) => void): Promise<string[][]> {
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
        rounds.push(await load(fresh, path, readySelector));
        await fresh.close();
      }
      const seconds = (of: 'lcp' | 'readyAt') =>
        spread(
          rounds.map((each) => each[of] / 1000),
          2,
        );
      const kilobytes = (of: 'bytes' | 'scriptBytes') => (median(rounds.map((each) => each[of])) / 1000).toFixed(0);
      rows.push([
        name,
        seconds('lcp'),
        seconds('readyAt'),
        spread(
          rounds.map(({ cls }) => cls),
          3,
        ),
        kilobytes('scriptBytes'),
        kilobytes('bytes'),
      ]);
    }
    return rows;
  });
}

async function load(context: BrowserContext, path: string, readySelector: string): Promise<Load> {
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

/** Playwright's own waiting would run in the page, on the slowed processor, so the page calls back instead. */
function whenReady(session: CDPSession): Promise<void> {
  return new Promise((resolve, reject) => {
    session.once('Runtime.bindingCalled', () => resolve());
    setTimeout(() => reject(new Error('The page is not ready')), READY_MS).unref();
  });
}

/** Counts bytes over the wire as they arrive, because an event stream never ends. */
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

/** Defined in each page by the bench. */
declare function pageReady(payload: string): void;

interface Watched {
  paints: { lcp: number; readyAt: number; cls: number };
}

/** Sent to each page before its own scripts. */
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

/** Run in a page. */
function paints(): Watched['paints'] {
  return (window as unknown as Watched).paints;
}
