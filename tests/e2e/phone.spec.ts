import { describe, expect, it } from 'vitest';
import { connectBrowser } from './support/browser.ts';
import { conversation, message, visitAsSeeded } from './support/people.ts';
import { composer, pressEscape, untilFocused } from './support/thread.ts';

const browser = await connectBrowser();
const bayko = await visitAsSeeded(browser, 'bayko');
await bayko.page.setViewportSize({ width: 390, height: 844 });
await bayko.page.goto('/messages');

describe('on a phone', () => {
  it('the list and the thread each fill the page, and back leads to the list', async () => {
    const { page } = bayko;
    await conversation(bayko, 'Andrew Brown').waitFor();
    const start = await page.evaluate(() => window.history.state);
    expect(await page.getByLabel('Conversation', { exact: true }).isVisible()).toBe(false);
    await conversation(bayko, 'Andrew Brown').click();
    await message(bayko, 'I will heat the iron. Both.').waitFor();
    expect(await page.getByRole('navigation', { name: 'Conversations' }).isVisible()).toBe(false);
    await page.getByRole('link', { name: 'Back to your conversations' }).click();
    await conversation(bayko, 'Andrew Brown').waitFor();
    // The arrow went back in history: the thread is ahead, not behind.
    expect(await page.evaluate(() => window.history.state)).toEqual(start);
    await page.goForward();
    await composer(page).waitFor();
  });

  it('the back arrow of a thread opened by its URL replaces it in the history', async () => {
    const { page } = bayko;
    const entries = () => page.evaluate(() => window.history.length);
    await page.goto(new URL(page.url()).pathname);
    await composer(page).waitFor();
    const before = await entries();
    await page.getByRole('link', { name: 'Back to your conversations' }).click();
    await conversation(bayko, 'Andrew Brown').waitFor();
    expect(await entries()).toBe(before);
  });

  it('the person picker opens with the focus in its field within the tap, so that the keyboard comes', async () => {
    const { page } = bayko;
    const open = page.getByRole('button', { name: 'New message' });
    await open.click();
    await pressEscape(page.getByRole('dialog'));
    const focused = await open.evaluate(async (button) => {
      (button as HTMLElement).click();
      await Promise.resolve();
      return document.activeElement?.role ?? document.activeElement?.getAttribute('role');
    });
    expect(focused).toBe('combobox');
    await pressEscape(page.getByRole('dialog'));
    await conversation(bayko, 'Andrew Brown').click();
    await composer(page).waitFor();
  });

  it('the search in a conversation is in place of its header, also while it loads, and its button has the focus afterwards', async () => {
    const { page } = bayko;
    let load = () => {};
    const loading = new Promise<void>((resolve) => {
      load = resolve;
    });
    await page.route('**/assets/search-bar-*.js', async (route) => {
      await loading;
      await route.continue();
    });
    await page.reload();
    const button = page.getByRole('button', { name: 'Search in this conversation' });
    await button.click();
    await button.waitFor({ state: 'hidden' });
    load();
    await page.getByRole('searchbox', { name: 'Search in this conversation' }).waitFor();
    await page.getByRole('button', { name: 'Close search' }).click();
    await untilFocused(button);
  });

  it('nothing is wider than the screen, and every control is large enough for a finger', async () => {
    const { page } = bayko;
    for (const path of ['/messages', new URL(page.url()).pathname]) {
      await page.goto(path);
      await (path === '/messages' ? conversation(bayko, 'Andrew Brown') : page.getByRole('log')).waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      const small = await page.locator('button:visible, nav a:visible, header a:visible').evaluateAll((elements) =>
        elements
          .filter((element) => getComputedStyle(element.parentElement ?? element).opacity === '1')
          .map((element) => ({ label: element.textContent || element.ariaLabel, box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.width < 40 || box.height < 40)
          .map(({ label }) => label),
      );
      expect(small).toEqual([]);
    }
  });
});

describe('the theme', () => {
  it('follows the system until one is chosen, which a reload keeps', async () => {
    const { page } = bayko;
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitemradio', { name: 'Light' }).click();
    await expect.poll(background).toBe(light);
    await page.reload();
    await page.getByRole('button', { name: 'Account' }).waitFor();
    expect(await background()).toBe(light);
  });
});
