import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds with its rules for WCAG 2.2 AA and best practices, one line each. */
export async function runAxe(page: Page, runOnly: RunOptions['runOnly'] = RULES): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const results = await page.evaluate(
    (options) => (window as unknown as { axe: { run(o: unknown): Promise<unknown> } }).axe.run(options),
    { runOnly, resultTypes: ['violations'] } as RunOptions,
  );
  return (results as AxeResults).violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
  );
}

/** Checks the page against WCAG 2.2 AA and axe's best practices, with the colours of both themes. */
export async function expectAccessible(page: Page): Promise<void> {
  await setTheme(page, 'light');
  expect(await runAxe(page, RULES)).toEqual([]);
  await setTheme(page, 'dark');
  expect(await runAxe(page, { type: 'rule', values: await colorRules(page) })).toEqual([]);
}

/** The rules that depend on colours: a theme changes only those. */
async function colorRules(page: Page): Promise<string[]> {
  const rules = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.getRules(['cat.color']));
  return rules.filter(({ tags }) => tags.some((tag) => RULES.includes(tag))).map(({ ruleId }) => ruleId);
}

/** Switches the system's theme, and waits until no colour is in transition. */
async function setTheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await expect
    .poll(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))
    .toBe(colorScheme === 'dark');
  await page.evaluate(async () => {
    const isTransition = (animation: Animation) => animation instanceof CSSTransition;
    await new Promise(requestAnimationFrame);
    await Promise.allSettled(
      document
        .getAnimations()
        .filter(isTransition)
        .map(({ finished }) => finished),
    );
  });
}
