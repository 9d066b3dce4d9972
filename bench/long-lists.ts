import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { composer } from '../tests/e2e/support/thread.ts';
import { firstRowAt, takeInteractions, watchResponsiveness } from './long-lists-page.ts';
import { FIRST_TEXT, type Lengths, lastName, seedLongLists } from './long-lists-seed.ts';
import { newContext, newPage, type Production, signInSeeded, withProduction } from './production.ts';
import { spread } from './statistics.ts';
import { type Tasks, traceTasks } from './trace.ts';

const ROUNDS = 5;
const LENGTHS: Lengths = { messages: 10_000, groups: 2_000 };
/** How often each list is opened. */
const OPENINGS = 3;
/** 60 letters. */
const TEXT = 'As fast as somebody types who has known the keys for years..';
const KEY_EVERY_MS = 20;
/** A turn of the wheel, in pixels. */
const TURN = 5_000;
/** A list whose end does not come within this long has stopped loading. */
const SCROLL_MS = 120_000;

const LIST = 'nav[aria-label=Conversations]';
const THREAD = '[role=log]';
const ROWS = { list: `${LIST} a`, thread: `${THREAD} [data-testid=message]` };

/** The rows of three tables. */
export interface LongLists {
  opening: string[][];
  writing: string[][];
  scrolling: string[][];
}

/** A thread of 10,000 messages and a list of 2,000 groups, both one person's, in Chromium. */
export function benchLongLists(log: (line: string) => void, lengths = LENGTHS): Promise<LongLists> {
  return withProduction(async (production) => {
    log(`${lengths.messages} messages and ${lengths.groups} groups are written`);
    const thread = `/messages/${await seedLongLists(production.env, lengths)}`;
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
    // By then it has loaded all that it loads by itself.
    await sleep(3500);
    return { opening, ...(await useLists(production.browser, page, lengths, log)) };
  });
}

/** Writes with little, much and all of the lists loaded, and scrolls to their ends in between. */
async function useLists(
  browser: Browser,
  page: Page,
  lengths: Lengths,
  log: (line: string) => void,
): Promise<Omit<LongLists, 'opening'>> {
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
  const [messages, groups] = [lengths.messages, lengths.groups].map((count) => count.toLocaleString('en'));
  await write('50 messages, 20 groups');
  await scroll(`the thread, to the first of ${messages} messages`, THREAD, -TURN, FIRST_TEXT);
  await write(`${messages} messages, 20 groups`);
  await scroll(`the list, to the last of ${groups} groups`, LIST, TURN, lastName(lengths));
  await write(`${messages} messages, ${groups} groups`);
  return { writing, scrolling };
}

async function signedInState({ browser, stack }: Production) {
  const context = await newContext(browser, stack.webUrl);
  await signInSeeded(context, 'andrewbrown');
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Milliseconds from the address to the first row on the screen, nothing cached. */
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

/** Types a message, letter by letter, and sends it, in every round. */
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
        // An event is told of a little after it.
        await sleep(100);
      }),
    );
    await page.keyboard.press('Enter');
    await sleep(300);
    const durations = (await page.evaluate(takeInteractions)).sort((a, b) => b - a);
    // As browsers report it: of every fifty interactions the longest is left out. Shorter ones than 16 ms are not told.
    inp.push(durations[Math.floor((TEXT.length + 1) / 50)] ?? 16);
    worst.push(durations[0] ?? 16);
  }
  return [
    spread(inp, 0),
    spread(worst, 0),
    spread(
      tasks.map(({ longest }) => longest),
      0,
    ),
    spread(
      tasks.map(({ longestCpu }) => longestCpu),
      0,
    ),
    await heapMegabytes(page),
  ];
}

/** Turns the wheel over a list until its end has come. */
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
      if (performance.now() > deadline) throw new Error(`${end} does not come`);
      await page.mouse.wheel(0, by);
    }
  });
  const seconds = (performance.now() - start) / 1000;
  return [seconds.toFixed(1), tasks.longest.toFixed(0), tasks.longestCpu.toFixed(0), String(tasks.long)];
}

/** Of JavaScript, after a garbage collection. */
async function heapMegabytes(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return (usedSize / 1e6).toFixed(0);
}
