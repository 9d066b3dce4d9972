import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { apiOf, createAccount } from './support/accounts.ts';
import { launchBrowserWithClipboard } from './support/browser.ts';
import { conversation, message, sendMessage, visitAs, visitAsSeeded } from './support/people.ts';
import {
  closeDialog,
  composer,
  expectPasted,
  focusOn,
  hasFocus,
  isInView,
  pressEscape,
  pressOn,
  untilAnswered,
  untilFocused,
} from './support/thread.ts';

const browser = await launchBrowserWithClipboard();
const andrew = await visitAsSeeded(browser, 'andrewbrown');
await andrew.page.goto(`/messages/${SEEDED_MESSAGE_GROUP_UUID}`);
await message(andrew, 'I will heat the iron. Both.').waitFor();

/** The text of the message that has the focus, or that contains what has it. */
const focusedMessage = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[data-key]')?.textContent ?? '');

/** Goes to an item of the open menu by the beginning of its name, and chooses it. */
async function chooseItem(page: Page, name: string): Promise<void> {
  const hasMenuFocus = () => page.evaluate(() => document.activeElement?.closest('[role=menu]') !== null);
  await page.getByRole('menu').waitFor();
  await expect.poll(hasMenuFocus).toBe(true);
  await page.keyboard.type(name.slice(0, 3));
  await untilFocused(page.getByRole('menuitem', { name, exact: true }));
  await page.keyboard.press('Enter');
}

/** Confirms the open question: the focus is on Cancel, and Tab leads to the other button. */
async function confirm(page: Page, action: string): Promise<void> {
  const question = page.getByRole('alertdialog');
  await untilFocused(question.getByRole('button', { name: 'Cancel' }));
  await page.keyboard.press('Tab');
  await untilFocused(question.getByRole('button', { name: action }));
  await page.keyboard.press('Enter');
  await question.waitFor({ state: 'detached' });
}

/** Waits until the page has announced this. */
const announced = (page: Page, words: string) => page.getByRole('status').getByText(words, { exact: true }).waitFor();

const focusedLabel = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

describe('the keyboard', () => {
  it('opens the list of shortcuts with ?, but not in a text field', async () => {
    const { page } = andrew;
    await composer(page).pressSequentially('what?');
    await expect.poll(() => composer(page).inputValue()).toBe('what?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await composer(page).fill('');
    await pressOn(page.getByRole('log'), '?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    // Not on Close, which a careless Enter or Space would press.
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('dialog');
    await closeDialog(page, page.getByRole('log'));
    await pressOn(composer(page), 'Control+/');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  });

  it('can be set to ignore single keys', async () => {
    const { page } = andrew;
    await page.getByRole('switch').click();
    await closeDialog(page, composer(page));
    await pressOn(page.getByRole('log'), '?');
    await expect.poll(() => composer(page).inputValue()).toBe('?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await composer(page).fill('');
    await page.keyboard.press('Control+/');
    await page.getByRole('switch').click();
    await closeDialog(page, composer(page));
  });

  it('moves between messages with the arrow keys, and copies one', async () => {
    const { page } = andrew;
    await andrew.context.grantPermissions(['clipboard-write']);
    await pressOn(page.getByRole('log'), 'ArrowUp');
    await expect.poll(() => focusedMessage(page)).toContain('I will heat the iron. Both.');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => focusedMessage(page)).toContain('I pointed at the ceiling.');
    await page.keyboard.press('c');
    await page.getByRole('status').getByText('Message copied').waitFor();
    await expectPasted(page, 'I pointed at the ceiling.');
    await focusOn(message(andrew, 'I pointed at the ceiling.').locator('xpath=ancestor::*[@data-key]'));
    const stops: (string | null | undefined)[] = [];
    for (let stop = 0; stop < 5; stop++) {
      await page.keyboard.press('Tab');
      stops.push(await focusedLabel(page));
    }
    expect(stops).toEqual(['React', 'Reply', 'Copy message', 'Copy link', 'More actions']);
  });

  it('reaches everything from the list to the composer in a few stops', async () => {
    const { page } = andrew;
    await focusOn(page.getByRole('navigation', { name: 'Conversations' }).getByRole('link').last());
    const stops: string[] = [];
    // Five of them are the active message's toolbar, two open what can be done with a conversation, one its search.
    for (let stop = 0; stop < 14; stop++) {
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

  it('does all that there is for a conversation in its row, says so, and keeps the focus in the list', async () => {
    const [nell, ada, grace, mina, bo] = await Promise.all(
      ['Nell Reyes', 'Ada Vale', 'Grace Holm', 'Mina Harker', 'Bo Li'].map((name) => createAccount(name)),
    );
    if (!nell || !ada || !grace || !mina || !bo) throw new Error('five accounts were asked for');
    await sendMessage(nell, ada.handle);
    await sendMessage(grace, nell.handle);
    await (await apiOf(nell)).users.updateSettings.mutate({ whoMayMessage: 'requests' });
    await sendMessage(bo, nell.handle);
    await sendMessage(mina, nell.handle);
    const visitor = await visitAs(browser, nell);
    const { page } = visitor;
    await page.goto('/messages');
    const row = (name: string) => conversation(visitor, name);
    const act = async (name: string, action: string) => {
      await row(name).press('Shift+F10');
      await chooseItem(page, action);
    };

    // The menu is of what the row shows.
    await row('Grace Holm').getByRole('img', { name: '1 unread message' }).waitFor();
    await act('Grace Holm', 'Mark as read');
    await announced(page, 'Marked as read');
    await untilFocused(row('Grace Holm'));
    await act('Grace Holm', 'Pin to top');
    await announced(page, 'Grace Holm is pinned');
    await untilFocused(row('Grace Holm'));
    await act('Grace Holm', 'Mute…');
    await pressEscape(page.getByRole('menu', { name: 'Mute Grace Holm' }));
    await untilFocused(row('Grace Holm'));
    await act('Grace Holm', 'Mute…');
    await chooseItem(page, 'Always');
    await announced(page, 'Muted');
    await untilFocused(row('Grace Holm'));
    await act('Grace Holm', 'Block…');
    await pressEscape(page.getByRole('alertdialog'));
    await untilFocused(row('Grace Holm'));
    await act('Grace Holm', 'Block…');
    await untilAnswered(page, 'users.block', () => confirm(page, 'Block'));
    await announced(page, 'You blocked Grace Holm');
    await untilFocused(row('Grace Holm'));
    await act('Grace Holm', 'Unblock');
    await announced(page, 'You unblocked Grace Holm');
    await act('Grace Holm', 'Clear…');
    await confirm(page, 'Clear');
    await announced(page, 'Conversation cleared');
    // The row that takes its place.
    await untilFocused(row('Ada Vale'));

    await page.getByRole('radio', { name: 'All' }).press('ArrowLeft');
    await row('Mina Harker').press('Shift+F10');
    await chooseItem(page, 'Delete request');
    await announced(page, 'Request deleted');
    await untilFocused(row('Bo Li'));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Accept' }).waitFor();
    await act('Bo Li', 'Accept');
    await announced(page, 'You accepted Bo Li’s request');
    // The composer appears, and leaves the focus where the person is.
    await composer(page).waitFor();
    await untilFocused(page.getByRole('radio', { name: 'Requests' }));
    await visitor.context.close();
  });

  it('does all that there is for the open conversation in its panel, and returns to the header', async () => {
    const nell = await createAccount('Nell Reyes');
    const group = await sendMessage(nell, 'londo');
    const visitor = await visitAs(browser, nell);
    const { page } = visitor;
    await page.goto(`/messages/${group}`);
    const about = page.getByRole('button', { name: 'About Londo Mollari' });
    const panel = page.getByRole('dialog', { name: 'Londo Mollari' });
    const press = async (dialog: Locator, name: string) => {
      const button = dialog.getByRole('button', { name, exact: true });
      // A key that is pressed earlier would move the focus of the page below.
      await untilFocused(dialog);
      for (let stop = 0; stop < 8 && !(await hasFocus(button)); stop++) await page.keyboard.press('Tab');
      await untilFocused(button);
      await page.keyboard.press('Enter');
    };
    const act = async (action: string) => {
      await about.press('Enter');
      await press(panel, action);
    };

    await about.press('Enter');
    await untilFocused(panel);
    await closeDialog(page, about);
    await act('Pin to top');
    await announced(page, 'Londo Mollari is pinned');
    await untilFocused(about);
    await act('Mute…');
    await press(page.getByRole('dialog', { name: 'Mute Londo Mollari' }), 'Always');
    await announced(page, 'Muted');
    await untilFocused(about);
    await act('Block…');
    await confirm(page, 'Block');
    await announced(page, 'You blocked Londo Mollari');
    await untilFocused(about);
    await page.getByRole('button', { name: 'Unblock' }).press('Enter');
    await announced(page, 'You unblocked Londo Mollari');
    await untilFocused(composer(page));
    await act('Clear…');
    await confirm(page, 'Clear');
    await announced(page, 'Conversation cleared');
    await untilFocused(about);
    await visitor.context.close();
  });
});
