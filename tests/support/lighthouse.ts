import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SEEDED_MESSAGE_GROUP_UUID, SEEDED_PASSWORD } from '@cruddur/config/seed';
import { freePort } from '@cruddur/local/free-port';
import { desktopConfig, navigation } from 'lighthouse';
import type { BrowserContext } from 'playwright-core';
import { launchPersistent } from '../e2e/support/browser.ts';

/** Scores of 0 to 100. */
export type Scores = Partial<Record<'performance' | 'accessibility' | 'best-practices', number>>;

/** Lighthouse with a browser that can sign in. */
export interface Judge {
  judge(url: string, device: 'mobile' | 'desktop'): Promise<Scores>;
  /** Signs in, and returns the address of the seeded thread. */
  openThread(baseUrl: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Limit of the wait for a quiet network, in milliseconds. A thread's network is never quiet, because of its event stream.
 * An untimed run waits for the content in `openPage`. A timed run needs longer.
 */
const LOADED_MS = { timed: 6_000, untimed: 3_000 };
/** No waiting: accessibility and best practices do not depend on a quiet machine. */
const UNTIMED_FLAGS = {
  throttlingMethod: 'simulate',
  disableFullPageScreenshot: true,
  pauseAfterFcpMs: 0,
  pauseAfterLoadMs: 0,
  networkQuietThresholdMs: 0,
  cpuQuietThresholdMs: 0,
} as const;
const UNTIMED = ['accessibility', 'best-practices'] as const;

/** @param options.timed - whether to measure performance too, which takes longer */
export async function startLighthouse({ timed }: { timed: boolean }): Promise<Judge> {
  const categories = timed ? (['performance', ...UNTIMED] as const) : UNTIMED;
  const userDataDir = await mkdtemp(path.join(tmpdir(), 'cruddur-lighthouse-'));
  const port = await freePort();
  const context: BrowserContext = await launchPersistent(userDataDir, [`--remote-debugging-port=${port}`]);
  return {
    async judge(url, device) {
      if (timed) await forgetVisits(context, new URL(url).origin);
      const flags = {
        port,
        onlyCategories: [...categories],
        disableStorageReset: true,
        maxWaitForLoad: timed ? LOADED_MS.timed : LOADED_MS.untimed,
        ...(timed ? {} : UNTIMED_FLAGS),
        logLevel: 'silent' as const,
      };
      const config = device === 'desktop' ? desktopConfig : undefined;
      const judgeOnce = () =>
        navigation(undefined, timed ? url : () => openPage(context, url), { flags, ...(config && { config }) });
      let result = await judgeOnce();
      // On a busy machine, Lighthouse sometimes loses the page and returns no score.
      if (categories.some((name) => result?.lhr.categories[name]?.score === null)) result = await judgeOnce();
      // If the session was lost, Lighthouse has judged another page.
      const shown = result?.lhr.finalDisplayedUrl;
      if (shown !== url) throw new Error(`Lighthouse was redirected from ${url} to ${shown}`);
      const score = (name: string) => Math.round((result?.lhr.categories[name]?.score ?? 0) * 100);
      return Object.fromEntries(categories.map((name) => [name, score(name)]));
    },
    async openThread(baseUrl) {
      const page = await context.newPage();
      const url = `${baseUrl}/messages/${SEEDED_MESSAGE_GROUP_UUID}`;
      await page.goto(url);
      await page.getByLabel('Handle or email').fill('andrewbrown');
      await page.getByLabel('Password', { exact: true }).fill(SEEDED_PASSWORD);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('log').waitFor();
      await page.close();
      return url;
    },
    async close() {
      await context.close();
      await rm(userDataDir, { recursive: true, force: true });
    },
  };
}

/** Deletes what earlier visits have left in the browser, except for the session: a timed run is a first visit. */
async function forgetVisits(context: BrowserContext, origin: string): Promise<void> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const storageTypes = 'cache_storage,indexeddb,service_workers';
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes });
  await session.send('Network.clearBrowserCache');
  await page.close();
}

/** Opens a URL in the page that Lighthouse has created, and waits for its content. */
async function openPage(context: BrowserContext, url: string): Promise<void> {
  const page = context.pages().at(-1);
  if (page === undefined) throw new Error('Lighthouse has opened no page');
  await page.goto(url);
  await page.getByTestId('message').or(page.getByLabel('Handle or email')).first().waitFor();
}
