import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import { beforeAll, describe, expect, it } from 'vitest';
import { connectBrowser } from './support/browser.ts';
import { createPair, message, openGroup, type Visitor, visitAs, visitAsSeeded, write } from './support/people.ts';
import {
  bubbleStates,
  bubbles,
  composer,
  distanceFromEnd,
  focusOn,
  hasFocus,
  isInView,
  placeOf,
  scrollThread,
  topBubble,
  untilFocused,
  untilStill,
} from './support/thread.ts';

const browser = await connectBrowser();
const [ada, grace] = await createPair(browser, ['Ada Vale', 'Grace Holm']);

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
    // To the top, where new rows are added right above the visible text.
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
    const beginning = page.getByText(/This is the start of your conversation with Andrew Brown/);
    const day = page.getByRole('log').getByRole('heading', { level: 2 });
    await expect
      .poll(async () => {
        // Older pages are added above the view, so this takes several scrolls.
        await scrollThread(page, -5000);
        await untilStill(page);
        return [await isInView(beginning), await isInView(day)];
      })
      .toEqual([true, true]);
  });
});

describe('new messages', () => {
  it('keep a reader at the end, and do not move a reader further up', async () => {
    for (let index = 1; index <= 12; index++) await write(grace, `Line ${index}\nand its second line\nand a third`);
    await expect.poll(async () => (await bubbleStates(ada.page)).at(-1)).toContain('Line 12');
    await expect.poll(() => distanceFromEnd(ada.page)).toBeLessThan(1);

    await untilStill(ada.page);
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
    // The reader can type an answer at once.
    expect(await hasFocus(composer(ada.page))).toBe(true);
  });

  it('leave the focus in the thread on a touch screen, where the composer would open the keyboard', async () => {
    const phone = await visitAs(browser, ada, { hasTouch: true, isMobile: true });
    const { page } = phone;
    await page.goto(`/messages/${openGroup(ada)}`);
    await message(phone, 'New three').waitFor();
    await untilStill(page);
    await scrollThread(page, -700);
    await expect.poll(() => distanceFromEnd(page)).toBeGreaterThan(300);
    await write(grace, 'New four');
    const pill = page.getByRole('button', { name: '1 new message' });
    await pill.tap();
    await expect.poll(() => pill.count()).toBe(0);
    expect(await hasFocus(page.getByRole('log'))).toBe(true);
    // The arrow keys continue from its newest message.
    await page.keyboard.press('ArrowUp');
    await untilFocused(bubbles(page).last());
    await phone.context.close();
    await message(ada, 'New four').waitFor();
  });

  it('stay in view when the form grows, and when the window becomes lower', async () => {
    const { page } = ada;
    const isNewestInView = () => isInView(message(ada, 'New four'));
    await scrollThread(page, 5000);
    await focusOn(composer(page));
    for (let line = 1; line <= 5; line++) {
      await page.keyboard.type(`line ${line}`);
      await page.keyboard.press('Shift+Enter');
      await untilStill(page);
      expect(await isNewestInView()).toBe(true);
    }
    await page.keyboard.type('and more, letter by letter');
    await untilStill(page);
    expect(await isNewestInView()).toBe(true);
    await page.setViewportSize({ width: 1280, height: 500 });
    await expect.poll(isNewestInView).toBe(true);
    await untilStill(page);
    expect(await distanceFromEnd(page)).toBeLessThan(1);
    await page.setViewportSize({ width: 390, height: 700 });
    await untilStill(page);
    expect(await distanceFromEnd(page)).toBeLessThan(1);
    await page.setViewportSize({ width: 1280, height: 800 });
    await composer(page).fill('');
  });

  it('sent by the reader scroll the thread back to the end', async () => {
    await untilStill(ada.page);
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
