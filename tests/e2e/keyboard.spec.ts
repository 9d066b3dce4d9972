import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createAccount } from './support/accounts.ts';
import { launchBrowserWithClipboard } from './support/browser.ts';
import { message, sendMessage, visitAs, visitAsSeeded } from './support/people.ts';
import { closeDialog, composer, expectPasted, isInView } from './support/thread.ts';

const browser = await launchBrowserWithClipboard();
const andrew = await visitAsSeeded(browser, 'andrewbrown');
await andrew.page.goto(`/messages/${SEEDED_MESSAGE_GROUP_UUID}`);
await message(andrew, 'I will heat the iron. Both.').waitFor();

/** The text of the message that has the focus, or that contains what has it. */
const focusedMessage = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[data-key]')?.textContent ?? '');
const focusedLabel = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

describe('the keyboard', () => {
  it('opens the list of shortcuts with ?, but not in a text field', async () => {
    const { page } = andrew;
    await composer(page).pressSequentially('what?');
    await expect.poll(() => composer(page).inputValue()).toBe('what?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await composer(page).fill('');
    await page.getByRole('log').focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    // Not on Close, which a careless Enter or Space would press.
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('dialog');
    await closeDialog(page, page.getByRole('log'));
    await composer(page).focus();
    await page.keyboard.press('Control+/');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  });

  it('can be set to ignore single keys', async () => {
    const { page } = andrew;
    await page.getByRole('switch').click();
    await closeDialog(page, composer(page));
    await page.getByRole('log').focus();
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Control+/');
    await page.getByRole('switch').click();
    await closeDialog(page, page.getByRole('log'));
  });

  it('moves between messages with the arrow keys, and copies one', async () => {
    const { page } = andrew;
    await andrew.context.grantPermissions(['clipboard-write']);
    await page.getByRole('log').focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => focusedMessage(page)).toContain('I will heat the iron. Both.');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => focusedMessage(page)).toContain('I pointed at the ceiling.');
    await page.keyboard.press('c');
    await page.getByRole('status').getByText('Message copied').waitFor();
    await expectPasted(page, 'I pointed at the ceiling.');
    await message(andrew, 'I pointed at the ceiling.').locator('xpath=ancestor::*[@data-key]').focus();
    const stops: (string | null | undefined)[] = [];
    for (let stop = 0; stop < 4; stop++) {
      await page.keyboard.press('Tab');
      stops.push(await focusedLabel(page));
    }
    expect(stops).toEqual(['React', 'Reply', 'Copy message', 'More actions']);
  });

  it('reaches everything from the list to the composer in a few stops', async () => {
    const { page } = andrew;
    await page.getByRole('navigation', { name: 'Conversations' }).getByRole('link').last().focus();
    const stops: string[] = [];
    // Four of them are the active message's toolbar, two open what can be done with a conversation.
    for (let stop = 0; stop < 12; stop++) {
      await page.keyboard.press('Tab');
      stops.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? ''));
      const outline = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null) return false;
        // The composer's field shows its focus by the box around it.
        const box = getComputedStyle(element.closest('form > div') ?? element);
        return getComputedStyle(element).outlineStyle !== 'none' || box.boxShadow !== 'none';
      });
      expect(outline, stops.at(-1)).toBe(true);
      if (stops.at(-1)?.startsWith('Message to')) break;
    }
    expect(stops.some((label) => label.startsWith('Messages with'))).toBe(true);
    expect(stops.at(-1)).toBe('Message to Andrew Bayko');
  });

  it('goes to the next and the previous conversation', async () => {
    const account = await createAccount('Ada Vale');
    await sendMessage(account, 'bayko');
    const newest = await sendMessage(account, 'londo');
    const ada = await visitAs(browser, account);
    await ada.page.goto(`/messages/${newest}`);
    const heading = (name: string) => ada.page.getByRole('heading', { level: 1, name }).waitFor();
    await ada.page.locator('nav a[aria-current=page]').filter({ hasText: 'Londo Mollari' }).waitFor();
    await ada.page.keyboard.press('Alt+ArrowDown');
    await heading('Andrew Bayko');
    await ada.page.keyboard.press('Alt+ArrowUp');
    await heading('Londo Mollari');

    // In a low window the next row is out of view.
    await ada.page.setViewportSize({ width: 1280, height: 280 });
    const openRow = ada.page.locator('nav a[aria-current=page]');
    await ada.page.keyboard.press('Alt+ArrowDown');
    await heading('Andrew Bayko');
    await expect.poll(() => isInView(openRow, 'nav')).toBe(true);
    await ada.page.reload();
    await openRow.filter({ hasText: 'Andrew Bayko' }).waitFor();
    await expect.poll(() => isInView(openRow, 'nav')).toBe(true);
    await ada.context.close();
  });
});
