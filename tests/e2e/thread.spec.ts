import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowserWithClipboard } from './support/browser.ts';
import { createPair, message, type Person, type Visitor, visitAsSeeded, write } from './support/people.ts';
import {
  bubbleStates,
  bubbles,
  distanceFromEnd,
  expectPasted,
  isInView,
  placeOf,
  scrollThread,
  topBubble,
  untilStill,
} from './support/thread.ts';

let browser: Browser;
let ada: Person;
let grace: Person;

beforeAll(async () => {
  browser = await launchBrowserWithClipboard();
  [ada, grace] = await createPair(browser, ['Ada Vale', 'Grace Holm']);
});

afterAll(() => browser.close());

describe('the seeded thread', () => {
  let bayko: Visitor;

  beforeAll(async () => {
    bayko = await visitAsSeeded(browser, 'bayko');
    await bayko.page.goto(`/messages/${SEEDED_MESSAGE_GROUP_UUID}`);
    await message(bayko, 'I will heat the iron. Both.').waitFor();
  });

  it('opens at its newest message', async () => {
    await expect.poll(() => distanceFromEnd(bayko.page)).toBeLessThan(1);
  });

  it('loads older pages above without moving the text by a pixel', async () => {
    const { page } = bayko;
    let release = () => {};
    let held = 0;
    await page.route('**/trpc/messages.list**', async (route) => {
      // Only older pages: the newest one has no cursor.
      if (!decodeURIComponent(route.request().url()).includes('"cursor":"')) return route.continue();
      held++;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      await route.continue();
    });
    await expect
      .poll(async () => {
        if (held === 0) await scrollThread(page, -1200);
        return held;
      })
      .toBeGreaterThan(0);
    // To the very top, where new rows are nearest to the text in view.
    await page.getByRole('log').evaluate((log) => log.scrollTo({ top: 0 }));
    const before = await topBubble(page);
    const height = await page.getByRole('log').evaluate((log) => log.scrollHeight);
    release();
    await expect.poll(() => page.getByRole('log').evaluate((log) => log.scrollHeight)).toBeGreaterThan(height + 500);
    expect(Math.abs((await placeOf(page, before.key)) - before.y)).toBeLessThan(0.5);
    await page.unroute('**/trpc/messages.list**');
    release();
  });

  it('separates the days, and marks where the conversation begins', async () => {
    const { page } = bayko;
    const beginning = page.getByText(/This is where your conversation with Andrew Brown begins/);
    const day = page.getByRole('log').getByRole('heading', { level: 2 });
    await expect
      .poll(async () => {
        // Older pages are added above what is in view, so it takes several turns.
        await scrollThread(page, -5000);
        await untilStill(page);
        return [await isInView(beginning), await isInView(day)];
      })
      .toEqual([true, true]);
  });
});

describe('new messages', () => {
  it('keep a reader at the end, and do not move one who reads further up', async () => {
    for (let index = 1; index <= 12; index++) await write(grace, `Line ${index}\nand its second line\nand a third`);
    await expect.poll(async () => (await bubbleStates(ada.page)).at(-1)).toContain('Line 12');
    await expect.poll(() => distanceFromEnd(ada.page)).toBeLessThan(1);

    await scrollThread(ada.page, -700);
    await expect.poll(() => distanceFromEnd(ada.page)).toBeGreaterThan(300);
    const before = await topBubble(ada.page);
    for (const text of ['New one', 'New two', 'New three']) await write(grace, text);
    const pill = ada.page.getByRole('button', { name: '3 new messages' });
    await pill.waitFor();
    expect(await placeOf(ada.page, before.key)).toBe(before.y);
    await pill.click();
    await expect.poll(() => distanceFromEnd(ada.page)).toBeLessThan(1);
    await expect.poll(() => pill.count()).toBe(0);
  });

  it('sent by the reader scroll the thread back to the end', async () => {
    await scrollThread(ada.page, -700);
    await expect.poll(() => distanceFromEnd(ada.page)).toBeGreaterThan(300);
    await write(ada, 'Back to the end');
    await expect.poll(() => distanceFromEnd(ada.page)).toBeLessThan(1);
    await message(grace, 'Back to the end').waitFor();
  });

  it('are announced politely, with sender, text and time', async () => {
    await write(grace, 'Do you hear me?');
    const region = ada.page.locator('[aria-live=polite]').filter({ hasText: 'Do you hear me?' });
    await region.waitFor();
    expect(await region.textContent()).toMatch(/^Grace Holm: Do you hear me\?, \d{1,2}:\d{2}/);
  });
});

describe('a message', () => {
  it('has links that are safe, and no others', async () => {
    await write(grace, 'https://cruddur.example/a javascript:alert(1) <b>bold</b> me@cruddur.com');
    const bubble = bubbles(ada.page).filter({ hasText: 'javascript:' });
    await bubble.waitFor();
    const hrefs = await bubble.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(hrefs).toEqual(['https://cruddur.example/a', 'mailto:me@cruddur.com']);
    expect(await bubble.getByRole('link').first().getAttribute('rel')).toContain('noopener');
    expect(await bubble.locator('b').count()).toBe(0);
  });

  it('keeps its line breaks, and is large if it is only emoji', async () => {
    await write(grace, 'one\n\ntwo');
    await write(grace, '🎉');
    const party = message(ada, '🎉');
    await party.waitFor();
    const sizes = await Promise.all(
      [party, message(ada, 'New three')].map((text) => text.evaluate((element) => getComputedStyle(element).fontSize)),
    );
    expect(Number.parseFloat(sizes[0] ?? '')).toBeGreaterThan(2 * Number.parseFloat(sizes[1] ?? ''));
    const lines = bubbles(ada.page).filter({ hasText: 'one' }).filter({ hasText: 'two' }).locator('p > span');
    expect(
      await lines.evaluate((element) => element.getClientRects().length + element.textContent.split('\n').length),
    ).toBeGreaterThan(3);
  });

  it('can be copied', async () => {
    await ada.context.grantPermissions(['clipboard-write']);
    const bubble = bubbles(ada.page).filter({ hasText: 'New three' });
    await bubble.hover();
    await bubble.locator('xpath=..').getByRole('button', { name: 'Copy message' }).click();
    await expectPasted(ada.page, 'New three');
  });
});
