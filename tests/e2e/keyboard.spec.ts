import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { message, signIn, type Visitor, visit } from './support/people.ts';
import { signUp } from './support/sign-up.ts';
import { composer } from './support/thread.ts';

let browser: Browser;
let andrew: Visitor;

beforeAll(async () => {
  browser = await launchBrowser();
  andrew = await visit(browser);
  await andrew.page.goto(`/messages/${SEEDED_MESSAGE_GROUP_UUID}`);
  await signIn(andrew, 'andrewbrown');
  await message(andrew, 'I will heat the iron. Both.').waitFor();
});

afterAll(() => browser.close());

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '');

describe('the keyboard', () => {
  it('opens the list of shortcuts by ?, but not where it is text', async () => {
    const { page } = andrew;
    await composer(page).pressSequentially('what?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await composer(page).fill('');
    await page.getByRole('log').focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await composer(page).focus();
    await page.keyboard.press('Control+/');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  });

  it('lets single keys be switched off', async () => {
    const { page } = andrew;
    await page.getByRole('switch').click();
    await page.keyboard.press('Escape');
    await page.getByRole('log').focus();
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Control+/');
    await page.getByRole('switch').click();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  });

  it('walks from message to message with the arrow keys, and copies one', async () => {
    const { page } = andrew;
    await andrew.context.grantPermissions(['clipboard-write']);
    await page.getByRole('log').focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => focused(page)).toContain('I will heat the iron. Both.');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => focused(page)).toContain('I pointed at the ceiling.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    // Pasted, as a person does: the page's own code may not read the clipboard.
    await composer(page).focus();
    await expect
      .poll(async () => {
        await composer(page).fill('');
        await page.keyboard.press('Control+v');
        return composer(page).inputValue();
      })
      .toBe('I pointed at the ceiling.');
    await composer(page).fill('');
  });

  it('reaches everything from the list to the form in a few stops', async () => {
    const { page } = andrew;
    await page.getByRole('navigation', { name: 'Conversations' }).getByRole('link').last().focus();
    const stops: string[] = [];
    for (let stop = 0; stop < 6; stop++) {
      await page.keyboard.press('Tab');
      stops.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? ''));
      const outline = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null) return false;
        const style = getComputedStyle(element);
        const parent = getComputedStyle(element.parentElement ?? element);
        return style.outlineStyle !== 'none' || parent.boxShadow !== 'none';
      });
      expect(outline, stops.at(-1)).toBe(true);
      if (stops.at(-1)?.startsWith('Message to')) break;
    }
    expect(stops.some((label) => label.startsWith('Messages with'))).toBe(true);
    expect(stops.at(-1)).toBe('Message to Andrew Bayko');
  });

  it('goes to the next and the previous conversation', async () => {
    const ada = await signUp(browser, 'Ada Vale');
    for (const handle of ['bayko', 'londo']) {
      await ada.page.goto(`/messages/new/${handle}`);
      await composer(ada.page).fill('Hello!');
      await composer(ada.page).press('Enter');
      await ada.page.waitForURL(/\/messages\/[0-9a-f-]{36}$/);
    }
    const heading = (name: string) => ada.page.getByRole('heading', { level: 1, name }).waitFor();
    await ada.page.locator('nav a[aria-current=page]').filter({ hasText: 'Londo Mollari' }).waitFor();
    await ada.page.keyboard.press('Alt+ArrowDown');
    await heading('Andrew Bayko');
    await ada.page.keyboard.press('Alt+ArrowUp');
    await heading('Londo Mollari');
    await ada.context.close();
  });
});
