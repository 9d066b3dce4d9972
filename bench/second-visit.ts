import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import type { Page } from 'playwright-core';
import { readKept } from '../tests/e2e/support/kept.ts';
import { type Load, loadSlowly, THREAD_READY } from './first-load.ts';
import { newContext, signInSeeded, withProduction } from './production.ts';
import { log, type Table } from './report.ts';
import { median, spread, spreadOf } from './statistics.ts';

const ROUNDS = 5;
const THREAD = `/messages/${SEEDED_MESSAGE_GROUP_UUID}`;
/** How often it is checked whether the first visit has stored everything, in milliseconds. */
const CHECK_MS = 250;

/**
 * Opens a thread twice in the production build, with a slow network and a slow processor: with nothing stored, and from the service
 * worker and the stored last visit.
 */
export function benchSecondVisit(): Promise<Table[]> {
  return withProduction(async ({ stack, browser }) => {
    const context = await newContext(browser, stack.webUrl);
    await signInSeeded(context, 'andrewbrown');
    const storageState = await context.storageState();
    await context.close();
    const rounds: { first: Load; second: Load }[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      log(`round ${round}`);
      const context = await newContext(browser, stack.webUrl, { storageState });
      const first = await loadSlowly(context, THREAD, THREAD_READY);
      const [page] = context.pages();
      if (!page) throw new Error('The first visit has no page');
      await untilStored(page);
      await page.close();
      rounds.push({ first, second: await loadSlowly(context, THREAD, THREAD_READY) });
      await context.close();
    }
    const row = (name: string, loads: readonly Load[]) => [
      name,
      spreadOf(loads, ({ readyAt }) => readyAt / 1000),
      spreadOf(loads, ({ cls }) => cls, 3),
      (median(loads.map(({ bytes }) => bytes)) / 1000).toFixed(0),
    ];
    return [
      {
        head: ['visit', 'messages on screen after s', 'CLS', 'kB until then'],
        rows: [
          row(
            'first',
            rounds.map(({ first }) => first),
          ),
          row(
            'second',
            rounds.map(({ second }) => second),
          ),
        ],
      },
      {
        head: ['second ÷ first'],
        rows: [[spread(rounds.map(({ first, second }) => second.readyAt / first.readyAt))]],
      },
    ];
  });
}

/** Waits until the service worker has the page's files, and the browser what the page shows. */
async function untilStored(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const isStored = async () => {
    const kept = await readKept(page);
    return 'lists' in kept && `thread:${SEEDED_MESSAGE_GROUP_UUID}` in kept;
  };
  while (!(await isStored())) await page.waitForTimeout(CHECK_MS);
}
