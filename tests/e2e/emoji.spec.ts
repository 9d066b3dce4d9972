import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { connectBrowser } from './support/browser.ts';
import { createPair, message, openGroup, visitAs } from './support/people.ts';
import { composer, hasFocus, pressEscape, untilFocused } from './support/thread.ts';

const browser = await connectBrowser();
const [ada, grace] = await createPair(browser, ['Ada Vale', 'Grace Holm']);

const emojiButton = (page: Page) => page.getByRole('button', { name: 'Emoji', exact: true });
const picker = (page: Page) => page.getByRole('dialog', { name: 'Emoji' });
const cell = (page: Page, name: string) => picker(page).getByRole('gridcell', { name, exact: true });
const suggestions = (page: Page) => page.getByRole('listbox', { name: 'Emoji suggestions' });

async function openPicker(page: Page): Promise<void> {
  await emojiButton(page).click();
  await picker(page).getByRole('gridcell').first().waitFor();
}

/** Types a search, and waits until the first hit is marked: Enter picks it. */
async function search(page: Page, words: string, name: string): Promise<void> {
  await picker(page).getByRole('searchbox', { name: 'Search emoji' }).fill(words);
  await picker(page).locator('[role=gridcell][aria-selected=true]').and(cell(page, name)).waitFor();
}

const placeCaret = (page: Page, at: number) =>
  composer(page).evaluate((field, index) => (field as HTMLTextAreaElement).setSelectionRange(index, index), at);

describe('the emoji picker of the composer', () => {
  it('inserts at the caret what was found by the keyboard, and returns the focus', async () => {
    const { page } = ada;
    await composer(page).fill('Hello  there');
    await placeCaret(page, 6);
    await emojiButton(page).press('Enter');
    await untilFocused(picker(page).getByRole('searchbox'));
    await search(page, 'thumbs', 'thumbs down');
    await page.keyboard.press('ArrowRight');
    await picker(page).locator('[aria-selected=true]').and(cell(page, 'thumbs up')).waitFor();
    await page.keyboard.press('Enter');
    expect(await composer(page).inputValue()).toBe('Hello 👍 there');
    await picker(page).waitFor({ state: 'detached' });
    await untilFocused(composer(page));
    await page.keyboard.type('!');
    expect(await composer(page).inputValue()).toBe('Hello 👍! there');
  });

  it('finds shortcodes too, and says when there is nothing', async () => {
    const { page } = ada;
    await openPicker(page);
    await search(page, 'tada', 'party popper');
    await picker(page).getByRole('searchbox').fill('nothing like this');
    await picker(page).getByText('No emoji found.').waitFor();
    await pressEscape(picker(page));
    await untilFocused(emojiButton(page));
  });

  it('never picks what does not fit the search, however quickly Enter follows', async () => {
    const { page } = ada;
    await composer(page).fill('');
    await openPicker(page);
    await untilFocused(picker(page).getByRole('searchbox'));
    await page.keyboard.type('tada');
    const pick = async () => {
      await page.keyboard.press('Enter');
      return composer(page).inputValue();
    };
    await expect.poll(pick).toBe('🎉');
    await composer(page).fill('');
  });

  it('leads to a category', async () => {
    const { page } = ada;
    await openPicker(page);
    await picker(page).getByRole('button', { name: 'activities' }).click();
    await cell(page, 'jack-o-lantern').waitFor();
    await emojiButton(page).click();
    await picker(page).waitFor({ state: 'detached' });
  });

  it('remembers the skin tone', async () => {
    const { page } = ada;
    await composer(page).fill('');
    await openPicker(page);
    await picker(page).getByRole('radio', { name: 'Dark skin tone', exact: true }).check();
    await search(page, 'waving hand', 'waving hand');
    await cell(page, 'waving hand').click();
    expect(await composer(page).inputValue()).toBe('👋🏿');
    await page.reload();
    await composer(page).waitFor();
    await openPicker(page);
    expect(await picker(page).getByRole('radio', { name: 'Dark skin tone', exact: true }).isChecked()).toBe(true);
    await picker(page).getByRole('radio', { name: 'No skin tone' }).check();
    await pressEscape(picker(page));
    await composer(page).fill('');
  });

  it('stays open on a touch screen, and leaves the keyboard closed', async () => {
    const phone = await visitAs(browser, ada, {
      hasTouch: true,
      isMobile: true,
      viewport: { width: 320, height: 640 },
    });
    const { page } = phone;
    await page.goto(`/messages/${openGroup(ada)}`);
    await emojiButton(page).tap();
    await cell(page, 'grinning face').tap();
    await cell(page, 'grinning face').tap();
    // The browser makes the click of a tap after it.
    await expect.poll(() => composer(page).inputValue()).toBe('😀😀');
    expect(await hasFocus(composer(page))).toBe(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await emojiButton(page).tap();
    await picker(page).waitFor({ state: 'detached' });
    await phone.context.close();
  });

  it('is loaded from our own host when it first opens, and then works offline', async () => {
    const { page, context, violations } = await visitAs(browser, ada);
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    await page.goto(`/messages/${openGroup(ada)}`);
    await message({ page }, 'Hello!').waitFor();
    const ofEmoji = () => requested.filter((url) => /emoji-(panel|popover-content)|emoji-[\w-]+\.json/.test(url));
    expect(ofEmoji()).toEqual([]);
    await openPicker(page);
    expect(new Set(ofEmoji().map((url) => new URL(url).origin))).toEqual(new Set([new URL(page.url()).origin]));
    expect(violations).toEqual([]);
    await pressEscape(picker(page));
    await context.setOffline(true);
    await openPicker(page);
    await search(page, 'tada', 'party popper');
    await page.keyboard.press('Enter');
    expect(await composer(page).inputValue()).toBe('🎉');
    await context.close();
  });

  it.each(['**/emoji-*.json', '**/emoji-panel-*', '**/emoji-popover-content-*', '**/later-*'])(
    'says that %s did not load, and tries again',
    async (part) => {
      const { page, context } = await visitAs(browser, ada);
      await page.route(part, (route) => route.abort());
      await page.goto(`/messages/${openGroup(ada)}`);
      await emojiButton(page).click();
      await page.getByRole('alert').getByText('Couldn’t load the emoji.').waitFor();
      await page.unroute(part);
      await page.getByRole('button', { name: 'Try again' }).click();
      await cell(page, 'grinning face').click();
      expect(await composer(page).inputValue()).toBe('😀');
      await context.close();
    },
  );
});

describe('shortcodes', () => {
  it('are suggested; Enter picks one and does not send', async () => {
    const { page } = ada;
    await composer(page).fill('');
    await composer(page).pressSequentially('Well done :tad');
    await suggestions(page).getByRole('option', { name: ':tada:' }).waitFor();
    await page.keyboard.press('Enter');
    expect(await composer(page).inputValue()).toBe('Well done 🎉');
    await suggestions(page).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await message(grace, 'Well done 🎉').waitFor();
  });

  it('become emoji when they are closed, which Ctrl+Z and Backspace undo', async () => {
    const { page } = ada;
    for (const undo of ['ControlOrMeta+z', 'Backspace']) {
      await composer(page).fill('');
      await composer(page).pressSequentially('Fine :thumbsup: then :tada:');
      expect(await composer(page).inputValue()).toBe('Fine 👍 then 🎉');
      await page.keyboard.press(undo);
      expect(await composer(page).inputValue()).toBe('Fine 👍 then :tada:');
    }
    await composer(page).fill('');
  });

  it('stay as typed in times, addresses and code', async () => {
    const { page } = ada;
    const text = 'At 10:30:45: http://a.example:80:/ and `:tada:`';
    await composer(page).pressSequentially(text);
    expect(await composer(page).inputValue()).toBe(text);
    await composer(page).fill('');
  });
});
