import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SEEDED_MESSAGE_GROUP_UUID, SEEDED_PASSWORD } from '@cruddur/config/seed';
import getPort from 'get-port';
import lighthouse, { desktopConfig } from 'lighthouse';
import type { BrowserContext } from 'playwright-core';
import { launchPersistent } from '../e2e/support/browser.ts';

/** Scores of 0 to 100. */
export type Scores = Partial<Record<'performance' | 'accessibility' | 'best-practices', number>>;

/** Lighthouse's judgement of a page, in a browser that may have signed in. */
export interface Judge {
  judge(url: string, device: 'mobile' | 'desktop'): Promise<Scores>;
  /** Signs in, and gives the address of the seeded thread. */
  openThread(baseUrl: string): Promise<string>;
  close(): Promise<void>;
}

// The page's stream of events never ends, and Lighthouse would wait 45 s for its end.
const LOADED_MS = 6_000;
const TIMELESS_LOADED_MS = 4000;
const TIMELESS = ['accessibility', 'best-practices'] as const;

/** @param options.timed - whether performance is judged too, which takes longer */
export async function startLighthouse({ timed }: { timed: boolean }): Promise<Judge> {
  const categories = timed ? (['performance', ...TIMELESS] as const) : TIMELESS;
  const userDataDir = await mkdtemp(path.join(tmpdir(), 'cruddur-lighthouse-'));
  const port = await getPort({ host: '127.0.0.1' });
  const context: BrowserContext = await launchPersistent(userDataDir, [`--remote-debugging-port=${port}`]);
  return {
    async judge(url, device) {
      const flags = {
        port,
        onlyCategories: [...categories],
        disableStorageReset: true,
        maxWaitForLoad: timed ? LOADED_MS : TIMELESS_LOADED_MS,
        ...(timed ? {} : { throttlingMethod: 'provided' as const }),
        logLevel: 'silent' as const,
      };
      const judgeOnce = () => lighthouse(url, flags, device === 'desktop' ? desktopConfig : undefined);
      let result = await judgeOnce();
      // Sometimes it loses the page on a busy machine, and has no score then: that is no judgement.
      if (categories.some((name) => result?.lhr.categories[name]?.score === null)) result = await judgeOnce();
      // Where the session was not kept, the page judged would be another one.
      const shown = result?.lhr.finalDisplayedUrl;
      if (shown !== url) throw new Error(`Lighthouse was led from ${url} to ${shown}`);
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
