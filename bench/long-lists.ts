import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { composer } from '../tests/e2e/support/thread.ts';
import { firstRowAt, takeInteractions, watchResponsiveness } from './long-lists-page.ts';
import { FIRST_TEXT, type Lengths, lastName, seedLongLists } from './long-lists-seed.ts';
import { newContext, newPage, type Production, signInSeeded, withProduction } from './production.ts';
import { log, type Table } from './report.ts';
import { spread, spreadOf } from './statistics.ts';
import { type Tasks, traceTasks } from './trace.ts';

const ROUNDS = 5;
const LENGTHS: Lengths = { messages: 10_000, groups: 2_000 };
const OPENINGS = 3;
const TEXT = 'As fast as a person who has known the keys for many years...';
const KEY_EVERY_MS = 20;
const WHEEL_PX = 5_000;
/** A list without its end after this time has stopped loading. */
const SCROLL_MS = 120_000;

const LIST = 'nav[aria-label=Conversations]';
const THREAD = '[role=log]';
const ROWS = { list: `${LIST} a`, thread: `${THREAD} [data-testid=message]` };

const TASKS = ['longest task ms', 'its CPU ms'];

/** A thread of 10,000 messages and a list of 2,000 groups of one person in Chromium. */
export function benchLongLists(): Promise<Table[]> {
  return withProduction(async (production) => {
    log(`seeding ${LENGTHS.messages} messages and ${LENGTHS.groups} groups`);
    const thread = `/messages/${await seedLongLists(production.env, LENGTHS)}`;
    const storageState = await signedInState(production);
    const open = async (path: string, row: string) => {
      const context = await newContext(production.browser, production.stack.webUrl, { storageState });
      await context.addInitScript(watchResponsiveness, row);
      const page = await newPage(context);
      await page.goto(path);
      await page.locator(row).first().waitFor();
      return page;
    };
    log('opening');
    const opening = [
      ['the list', await timeOpening(() => open('/messages', ROWS.list))],
      ['the thread', await timeOpening(() => open(thread, ROWS.thread))],
    ];
    const page = await open(thread, ROWS.thread);
    // Until the page has prefetched everything.
    await sleep(3500);
    return [{ head: ['opened', 'first row ms'], rows: opening }, ...(await useLists(production.browser, page))];
  });
}

/** Writes with few, many and all rows loaded, and scrolls to the ends of the lists in between. */
async function useLists(browser: Browser, page: Page): Promise<Table[]> {
  const writing: string[][] = [];
  const scrolling: string[][] = [];
  const write = async (loaded: string) => {
    log(`writing, ${loaded}`);
    writing.push([loaded, ...(await measureWriting(browser, page))]);
  };
  const scroll = async (name: string, list: string, by: number, end: string) => {
    log(`scrolling ${name}`);
    scrolling.push([name, ...(await measureScrolling(browser, page, list, { by, end }))]);
  };
  const [messages, groups] = [LENGTHS.messages, LENGTHS.groups].map((count) => count.toLocaleString('en'));
  await write('50 messages, 20 groups');
  await scroll(`the thread, to the first of ${messages} messages`, THREAD, -WHEEL_PX, FIRST_TEXT);
  await write(`${messages} messages, 20 groups`);
  await scroll(`the list, to the last of ${groups} groups`, LIST, WHEEL_PX, lastName(LENGTHS));
  await write(`${messages} messages, ${groups} groups`);
  return [
    { head: ['typing and sending with', 'INP ms', 'worst ms', ...TASKS, 'heap MB'], rows: writing },
    { head: ['scrolled through', 'seconds', ...TASKS, 'tasks over 50 ms CPU'], rows: scrolling },
  ];
}

async function signedInState({ browser, stack }: Production) {
  const context = await newContext(browser, stack.webUrl);
  await signInSeeded(context, 'andrewbrown');
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Milliseconds from the navigation to the first painted row, with an empty cache. */
async function timeOpening(open: () => Promise<Page>): Promise<string> {
  const rounds: number[] = [];
  for (let round = 0; round <= OPENINGS; round++) {
    const page = await open();
    await sleep(200);
    rounds.push((await page.evaluate(firstRowAt)) ?? Number.NaN);
    await page.context().close();
  }
  return spread(rounds.slice(1), 0);
}

/** Types a message letter by letter and sends it, in each round. */
async function measureWriting(browser: Browser, page: Page): Promise<string[]> {
  const inp: number[] = [];
  const worst: number[] = [];
  const tasks: Tasks[] = [];
  await composer(page).focus();
  for (let round = 0; round < ROUNDS; round++) {
    await page.evaluate(takeInteractions);
    tasks.push(
      await traceTasks(browser, page, async () => {
        await page.keyboard.type(TEXT, { delay: KEY_EVERY_MS });
        // Events are reported with a delay.
        await sleep(100);
      }),
    );
    await page.keyboard.press('Enter');
    await sleep(300);
    const durations = (await page.evaluate(takeInteractions)).sort((a, b) => b - a);
    // The definition of INP: ignore the longest of every fifty interactions. Those under 16 ms are not reported.
    inp.push(durations[Math.floor((TEXT.length + 1) / 50)] ?? 16);
    worst.push(durations[0] ?? 16);
  }
  return [
    spread(inp, 0),
    spread(worst, 0),
    spreadOf(tasks, ({ longest }) => longest, 0),
    spreadOf(tasks, ({ longestCpu }) => longestCpu, 0),
    await heapMegabytes(page),
  ];
}

/** Turns the wheel over a list until its end is loaded. */
async function measureScrolling(
  browser: Browser,
  page: Page,
  list: string,
  { by, end }: { by: number; end: string },
): Promise<string[]> {
  const deadline = performance.now() + SCROLL_MS;
  const scroller = page.locator(list);
  await scroller.hover();
  const start = performance.now();
  const tasks = await traceTasks(browser, page, async () => {
    while (!(await scroller.evaluate((element, text) => element.textContent?.includes(text), end))) {
      if (performance.now() > deadline) throw new Error(`${end} does not appear`);
      await page.mouse.wheel(0, by);
    }
  });
  const seconds = (performance.now() - start) / 1000;
  return [seconds.toFixed(1), tasks.longest.toFixed(0), tasks.longestCpu.toFixed(0), String(tasks.long)];
}

/** JavaScript heap after a garbage collection. */
async function heapMegabytes(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return (usedSize / 1e6).toFixed(0);
}
