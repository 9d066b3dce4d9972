import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { vi } from 'vitest';
import { ARTIFACTS, DESKTOP, PHONE } from '../../e2e/support/people.ts';
import { keepsScreenshots } from '../../support/env.ts';
import type { Driver, PagePoint } from './driver.ts';
import { type Found, look, type Target } from './look.ts';

const LIBRARY = readFileSync(
  createRequire(import.meta.url).resolve('@testing-library/dom/dist/@testing-library/dom.umd.min.js'),
  'utf8',
);
// As WebDriver names the keys that are no characters.
const KEYS = { Enter: '\uE007', Escape: '\uE00C' };
/** For conditions: it only ends a wait that is in vain. */
export const PATIENCE = { timeout: 60_000, interval: 50 };

export type BrowserPage = Awaited<ReturnType<typeof createPage>>;

/**
 * What a person does and sees in a browser. Each step waits until it is possible. Targets narrow down: each is within the
 * one before, and the last one must be the only one of its kind there.
 */
export async function createPage(driver: Driver, origin: string) {
  await driver.resize(DESKTOP.width, DESKTOP.height);
  /** Calls a function in the page. It sees nothing of this file; its arguments and its result are JSON. */
  const run = async <A extends unknown[], R>(callee: (...args: A) => R, ...args: A): Promise<Awaited<R>> => {
    const source = `async (json) => JSON.stringify((await (${callee.toString()})(...JSON.parse(json))) ?? null)`;
    return JSON.parse(await driver.call(source, JSON.stringify(args)));
  };
  const find = async (targets: Target[]) => {
    // Each document needs the library again.
    if (!(await run(() => 'TestingLibraryDom' in window))) await driver.call(`() => { ${LIBRARY}; return ''; }`, '');
    return run(look, targets);
  };
  const see = (targets: Target[], isReady = (_found: Found) => true): Promise<PagePoint> =>
    vi.waitFor(async () => {
      const found = await find(targets);
      if (found.point !== null && isReady(found)) return found.point;
      const text = await run(() => document.body.innerText);
      throw new Error(`${JSON.stringify({ targets, found })}. The page says:\n${text}`);
    }, PATIENCE);
  const pressKeys = (keys: string[]) =>
    driver.perform([{ type: 'key', id: 'keyboard', actions: keys.flatMap(strike) }]);
  const click = async (...targets: Target[]): Promise<void> => {
    const point = await see(targets, ({ isOnTop }) => isOnTop);
    const move = { type: 'pointerMove' as const, ...point };
    await driver.perform([{ type: 'pointer', id: 'mouse', actions: [move, ...CLICK] }]);
  };
  return {
    run,
    click,
    goto: (address: string) => driver.navigate(new URL(address, origin).href),
    see: async (...targets: Target[]): Promise<void> => {
      await see(targets);
    },
    /** How many there are, in view or not. It does not wait. */
    count: async (...targets: Target[]) => (await find(targets)).count,
    /** Clicks into a field and types. */
    type: async (text: string, ...field: Target[]) => {
      await click(...field);
      await pressKeys(text.split(''));
    },
    press: (key: keyof typeof KEYS) => pressKeys([KEYS[key]]),
    /** Turns the mouse wheel above something, by so many pixels. */
    scroll: async (deltaY: number, ...targets: Target[]) => {
      const scroll = { type: 'scroll' as const, ...(await see(targets)), deltaX: 0, deltaY };
      await driver.perform([{ type: 'wheel', id: 'wheel', actions: [scroll] }]);
    },
    path: () => run(() => location.pathname),
    /** Saves screenshots at phone and desktop width if `KEEP_SCREENSHOTS` is set. */
    keepScreenshots: async (name: string) => {
      if (!keepsScreenshots()) return;
      mkdirSync(ARTIFACTS, { recursive: true });
      for (const { width, height } of [PHONE, DESKTOP]) {
        await driver.resize(width, height);
        writeFileSync(path.join(ARTIFACTS, `${name}-${width}.png`), await driver.screenshot());
      }
    },
    close: () => driver.close(),
  };
}

const CLICK = (['pointerDown', 'pointerUp'] as const).map((type) => ({ type, button: 0 as const }));

const strike = (value: string) => (['keyDown', 'keyUp'] as const).map((type) => ({ type, value }));
