import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { de } from '../../apps/web/src/i18n/de/index.ts';
import { en } from '../../apps/web/src/i18n/en/index.ts';
import { runAxe } from './support/axe.ts';
import { connectBrowser } from './support/browser.ts';
import { forgetKept } from './support/kept.ts';
import { createPair, openGroup, visit } from './support/people.ts';

const browser = await connectBrowser();
// Its texts are German only if the browser's language decides.
const [guest, [ada]] = await Promise.all([
  visit(browser, { locale: 'de-DE' }),
  createPair(browser, ['Ada Vale', 'Grace Holm'], { locale: 'de-DE' }),
]);
const thread = `/messages/${openGroup(ada)}`;

/** The pages, each with what is on it once it is ready. */
const PAGES: readonly [path: string, ready: string][] = [
  ['/signin', 'h1'],
  ['/signup', 'h1'],
  ['/messages', 'nav a'],
  [thread, '[data-testid=message]'],
  ['/settings', 'section [name=who-may-message]'],
];

/** Opens a page as who can see it, and returns it once it is ready. */
async function open(path: string, ready: string): Promise<Page> {
  const { page } = path.startsWith('/sign') ? guest : ada;
  await page.goto(path);
  await page.locator(ready).first().waitFor();
  return page;
}

/** Everything that people read or a screen reader announces: texts, labels and titles. */
const wordsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const words = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) words.push(walker.currentNode.textContent ?? '');
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      for (const name of ['aria-label', 'title', 'placeholder']) words.push(element.getAttribute(name) ?? '');
    return words.map((text) => text.trim()).filter((text) => text !== '');
  });

const germanTexts = new Set<string>(Object.values(de).flatMap((texts) => Object.values(texts)));
/** English texts that are not German texts as well, such as `Name`. Those with values are not looked for. */
const englishTexts = new Set<string>(
  Object.values(en)
    .flatMap((texts) => Object.values(texts))
    .filter((text) => !text.includes('{') && !germanTexts.has(text)),
);

/** Words that English texts consist of, and German texts and these people do not have. */
const ENGLISH = /\b(the|you|your|and|with|message|messages|conversation|write|send|search|reply|today|yesterday)\b/i;

describe.each(PAGES)('%s', (path, ready) => {
  it('is in German only for a reader of German', async () => {
    const page = await open(path, ready);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
    const words = await wordsOf(page);
    expect(words.filter((text) => englishTexts.has(text) || ENGLISH.test(text))).toEqual([]);
    expect(words.filter((text) => germanTexts.has(text)).length).toBeGreaterThan(3);
  });

  it('fits into 320 px, as wide and as high as 400 % zoom leaves it', async () => {
    const page = await open(path, ready);
    await page.setViewportSize({ width: 320, height: 256 });
    const wider = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('body *')]
          .filter((element) => {
            const { left, right, width, height } = element.getBoundingClientRect();
            return width > 1 && height > 1 && (left < -1 || right > window.innerWidth + 1);
          })
          .map((element) => element.outerHTML.slice(0, 160)),
      );
    await expect.poll(wider).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('is accessible from right to left, and with forced colours', async () => {
    const page = await open(path, ready);
    await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1280);
    await page.emulateMedia({ forcedColors: 'active' });
    expect(await runAxe(page)).toEqual([]);
    await page.emulateMedia({ forcedColors: 'none' });
  });
});

it('what is loading does not move for a reader who wants less motion', async () => {
  const { page } = ada;
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/trpc/**', async (route) => {
    await held;
    await route.continue();
  });
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  // Another visit would show what this one has stored.
  await forgetKept(page);
  await page.goto('/messages');
  await page.locator('.skeleton').first().waitFor();
  const moving = () => page.evaluate(() => document.getAnimations().some((each) => each instanceof CSSAnimation));
  await expect.poll(moving).toBe(true);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(moving).toBe(false);
  answer();
  await page.locator('nav a').first().waitFor();
  await page.unrouteAll({ behavior: 'wait' });
});

it('the thread keeps its newest message and its field in view on a phone on its side', async () => {
  const page = await open(thread, '[data-testid=message]');
  await page.setViewportSize({ width: 667, height: 320 });
  const isInView = (selector: string) =>
    page
      .locator(selector)
      .last()
      .evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        return top >= 0 && bottom <= window.innerHeight;
      });
  await expect.poll(() => isInView('[data-testid=message]')).toBe(true);
  await expect.poll(() => isInView('textarea')).toBe(true);
  await page.setViewportSize({ width: 1280, height: 800 });
});

it('text is drawn in the page’s typeface, also what is not on the first page', async () => {
  const { page } = guest;
  await page.goto('/signin');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate(() => document.fonts.ready);
  const loaded = () => page.evaluate(() => [...document.fonts].filter(({ status }) => status === 'loaded').length);
  await expect.poll(loaded).toBe(1);
  expect(await page.evaluate(() => document.fonts.check('16px "Figtree Variable"', 'Größe'))).toBe(true);
});
