import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { apiOf } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import {
  createPair,
  keepScreenshots,
  message,
  openGroup,
  type TestUser,
  visitAs,
  write,
  writeMany,
} from './support/people.ts';
import {
  bubbles,
  clickInThread,
  clickToolbar,
  composer,
  focusOn,
  hasFocus,
  isInView,
  pressEscape,
  pressOn,
  scrollThread,
  toolbarButton,
  untilFocused,
  untilStill,
} from './support/thread.ts';

const browser = await connectBrowser();
const [ada, grace] = await createPair(browser, ['Ada Vale', 'Grace Holm']);
const group = openGroup(ada);

const editor = (page: Page) => page.getByRole('textbox', { name: 'Edit message' });
const bubble = ({ page }: TestUser, text: string) => bubbles(page).filter({ hasText: text });
/** Waits until a bubble has this as its own text, without what it quotes. */
const expectText = (person: TestUser, text: string) =>
  bubbles(person.page).locator('[data-text]').getByText(text, { exact: true }).waitFor();

/** Writes a message, and waits until both have it. */
async function say(person: TestUser, text: string): Promise<void> {
  await write(person, text);
  await Promise.all([message(ada, text).waitFor(), message(grace, text).waitFor()]);
  await bubble(person, text).and(person.page.locator('[data-state=message]')).waitFor();
}

async function openMenu(person: TestUser, text: string): Promise<void> {
  await clickToolbar(bubble(person, text).last(), 'More actions');
  await person.page.getByRole('menu', { name: 'Message actions' }).waitFor();
}

const menuItems = ({ page }: TestUser) =>
  page.getByRole('menuitem').evaluateAll((items) => items.map((item) => item.querySelector('span')?.textContent));

describe('the toolbar and the menu', () => {
  it('appear on hover without moving anything', async () => {
    await say(grace, 'Is the pier open?');
    const place = async () => {
      await untilStill(ada.page);
      return bubble(ada, 'Is the pier open?').boundingBox();
    };
    await composer(ada.page).hover();
    const before = await place();
    await bubble(ada, 'Is the pier open?').hover();
    await toolbarButton(bubble(ada, 'Is the pier open?'), 'Reply').waitFor();
    expect(await place()).toEqual(before);
  });

  it('offer what applies', async () => {
    await say(ada, 'It opens at six');
    await openMenu(ada, 'Is the pier open?');
    expect(await menuItems(ada)).toEqual(['Reply', 'React', 'Copy', 'Copy link', 'Report…']);
    await pressEscape(ada.page.getByRole('menu'));
    await openMenu(ada, 'It opens at six');
    expect(await menuItems(ada)).toEqual(['Reply', 'React', 'Edit', 'Copy', 'Copy link', 'Delete']);
    await pressEscape(ada.page.getByRole('menu'));
    await untilFocused(toolbarButton(bubble(ada, 'It opens at six'), 'More actions'));
  });

  it('fit next to the widest bubble on every screen', async () => {
    const { page } = ada;
    await say(
      ada,
      'The tide was so low that morning that we walked out to the second lamp and back. '.repeat(3).trim(),
    );
    const wide = bubble(ada, 'second lamp');
    for (const width of [1280, 900, 640, 390, 320]) {
      await page.setViewportSize({ width, height: 700 });
      await untilStill(page);
      await wide.hover();
      const more = toolbarButton(wide, 'More actions');
      await more.waitFor();
      const [text, left] = await Promise.all([wide.boundingBox(), more.locator('xpath=..').boundingBox()]);
      if (!text || !left) throw new Error('nothing is drawn');
      expect(left.x + left.width, `at ${width}`).toBeLessThanOrEqual(text.x);
      expect(left.x, `at ${width}`).toBeGreaterThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});

describe('a reply', () => {
  it('quotes a message above the composer, which a reload keeps and Escape removes', async () => {
    const { page } = ada;
    await clickToolbar(bubble(ada, 'Is the pier open?'), 'Reply');
    const quote = page.getByRole('group', { name: 'Reply' });
    await quote.getByText('Is the pier open?').waitFor();
    await untilFocused(composer(page));
    await composer(page).fill('half a thought');
    await page.reload();
    await quote.getByText('Is the pier open?').waitFor();
    expect(await composer(page).inputValue()).toBe('half a thought');
    await composer(page).press('Escape');
    await quote.waitFor({ state: 'detached' });
    expect(await composer(page).inputValue()).toBe('half a thought');
    await composer(page).fill('');
  });

  it('is drawn with its quote on both pages, and leads to what it quotes', async () => {
    await clickToolbar(bubble(grace, 'It opens at six'), 'Reply');
    await composer(grace.page).fill('Then I am there at five');
    await composer(grace.page).press('Enter');
    for (const person of [ada, grace]) {
      const reply = bubble(person, 'Then I am there at five');
      await reply.getByRole('button', { name: /In reply to .*It opens at six/ }).waitFor();
    }
    expect(await grace.page.getByRole('group', { name: 'Reply' }).count()).toBe(0);
    const filler = Array.from({ length: 12 }, (_, index) => `Lamp number ${index + 1} is lit. `.repeat(12).trim());
    await writeMany(grace, group, filler);
    await writeMany(ada, group, ['All twelve!']);
    await expectText(grace, 'All twelve!');
    await untilStill(grace.page);
    const quote = bubble(grace, 'Then I am there at five').getByRole('button', { name: /In reply to/ });
    // Rows out of view are not drawn.
    const scrollToQuote = async () => {
      await scrollThread(grace.page, -300);
      return isInView(quote);
    };
    await expect.poll(scrollToQuote).toBe(true);
    await clickInThread(quote);
    await expect.poll(() => isInView(bubble(grace, 'It opens at six').first())).toBe(true);
    const returnToNewest = async () => {
      await grace.page.keyboard.press('Escape');
      return isInView(bubble(grace, 'All twelve!'));
    };
    await expect.poll(returnToNewest).toBe(true);
  });
});

describe('an edit', () => {
  it('of the last message begins with ArrowUp, and Escape brings back the draft', async () => {
    const { page } = ada;
    await say(ada, 'The rope is to short');
    await composer(page).press('ArrowUp');
    await expect.poll(() => editor(page).inputValue()).toBe('The rope is to short');
    await page
      .getByRole('group', { name: 'Edit' })
      .getByText(/2[34] h left/)
      .waitFor();
    await editor(page).press('Escape');
    await expect.poll(() => composer(page).inputValue()).toBe('');
    await composer(page).fill('a draft');
    await openMenu(ada, 'The rope is to short');
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await untilFocused(editor(page));
    await editor(page).press('Escape');
    await expect.poll(() => composer(page).inputValue()).toBe('a draft');
  });

  it('is saved with Enter and seen by both, with the earlier versions', async () => {
    const { page } = ada;
    await openMenu(ada, 'The rope is to short');
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await editor(page).fill('The rope is too short');
    await editor(page).press('Enter');
    await Promise.all([expectText(ada, 'The rope is too short'), expectText(grace, 'The rope is too short')]);
    await expect.poll(() => composer(page).inputValue()).toBe('a draft');
    await composer(page).fill('');
    await clickInThread(bubble(grace, 'The rope is too short').getByRole('button', { name: /^Edited/ }));
    const dialog = grace.page.getByRole('dialog', { name: 'Earlier versions' });
    await dialog.getByText('The rope is to short').waitFor();
    expect(await dialog.getByRole('listitem').count()).toBe(2);
    await pressEscape(dialog);
    await grace.page
      .locator('[aria-live=polite]')
      .getByText('Ada Vale edited a message: The rope is too short')
      .waitFor({ state: 'attached' });
  });

  it('without a change does nothing, and without a text offers to delete the message', async () => {
    const { page } = ada;
    await composer(page).press('ArrowUp');
    await editor(page).press('Enter');
    await editor(page).waitFor({ state: 'detached' });
    await composer(page).press('ArrowUp');
    await editor(page).fill('');
    await editor(page).press('Enter');
    const question = page.getByRole('alertdialog');
    await question.waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await untilFocused(editor(page));
    await editor(page).press('Escape');
    await expectText(ada, 'The rope is too short');
  });

  it('that conflicts with another one shows both texts, and loses neither', async () => {
    const { page } = ada;
    for (const [choice, expected] of [
      ['Keep the saved text', 'Bring the long rope'],
      ['Save mine instead', 'Bring both ropes'],
    ] as const) {
      await say(ada, 'Bring a rope');
      const api = await apiOf(ada);
      const { items } = await api.messages.list.query({ messageGroupUuid: group });
      const { uuid: messageUuid, createdAt } = items.findLast((item) => item.message === 'Bring a rope') ?? {};
      await page.route('**/trpc/messages.edit**', (route) => route.abort());
      await composer(page).press('ArrowUp');
      await editor(page).fill('Bring both ropes');
      await editor(page).press('Enter');
      await expectText(ada, 'Bring both ropes');
      const address = { messageGroupUuid: group, messageUuid: messageUuid ?? '', createdAt: createdAt ?? '' };
      await api.messages.edit.mutate({ ...address, message: 'Bring the long rope', revision: 0 });
      await page.unroute('**/trpc/messages.edit**');
      await clickInThread(page.getByRole('button', { name: 'Compare' }));
      const dialog = page.getByRole('dialog', { name: 'This message was changed elsewhere' });
      await dialog.getByText('Bring the long rope').waitFor();
      await dialog.getByText('Bring both ropes').waitFor();
      await dialog.getByRole('button', { name: choice }).click();
      await Promise.all([expectText(ada, expected), expectText(grace, expected)]);
      expect(await page.getByRole('button', { name: 'Compare' }).count()).toBe(0);
    }
  });
});

describe('the keyboard', () => {
  it('acts on the message that the arrow keys have reached', async () => {
    const { page } = ada;
    await say(ada, 'Mind the wet planks');
    const mine = bubble(ada, 'Mind the wet planks');
    await pressOn(mine, 'r');
    await page.getByRole('group', { name: 'Reply' }).getByText('Mind the wet planks').waitFor();
    await untilFocused(composer(page));
    await page.keyboard.press('Escape');
    await pressOn(mine, 'e');
    await untilFocused(editor(page));
    await page.keyboard.press('Escape');
    await pressOn(mine, '+');
    await page.getByRole('toolbar', { name: 'Quick reactions' }).getByRole('button').first().click();
    await mine
      .locator('xpath=../..')
      .getByRole('button', { name: /^You reacted/ })
      .waitFor();
    await untilFocused(mine);
    await page.keyboard.press('Enter');
    await pressEscape(page.getByRole('menu', { name: 'Message actions' }));
    await untilFocused(mine);
    await page.keyboard.press('Delete');
    await pressEscape(page.getByRole('alertdialog', { name: 'Delete this message for both of you?' }));
    await untilFocused(mine);
  });

  it('reaches the controls of the message that has the focus, and of no other', async () => {
    const { page } = ada;
    await focusOn(bubble(ada, 'Mind the wet planks'));
    const stops: (string | null)[] = [];
    for (let stop = 0; stop < 12 && !(await hasFocus(composer(page))); stop++) {
      await page.keyboard.press('Tab');
      stops.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null));
    }
    expect(stops.filter((name) => name === 'More actions')).toHaveLength(1);
    expect(stops.at(-1)).toBe('Message to Grace Holm');
  });
});

describe('a deletion', () => {
  const remove = async (person: TestUser, text: string) => {
    await pressOn(bubble(person, text), 'Delete');
    await person.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  };

  it('can be undone, also several and by the keyboard', async () => {
    await say(ada, 'First mistake');
    await say(ada, 'Second mistake');
    const other = await visitAs(browser, ada);
    const { page } = other;
    // The five seconds do not pass.
    await page.clock.setFixedTime(Date.now());
    await page.goto(`/messages/${group}`);
    await expectText(other, 'Second mistake');
    await remove(other, 'First mistake');
    await remove(other, 'Second mistake');
    const undo = page.getByRole('status').getByRole('button', { name: 'Undo' });
    await expect.poll(() => undo.count()).toBe(2);
    await undo.first().click();
    await expectText(other, 'First mistake');
    await untilFocused(bubble(other, 'First mistake'));
    await focusOn(page.getByRole('log'));
    for (let stop = 0; stop < 12 && !(await hasFocus(undo)); stop++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expectText(other, 'Second mistake');
    expect(await undo.count()).toBe(0);
    await other.context.close();
    await Promise.all([expectText(grace, 'First mistake'), expectText(grace, 'Second mistake')]);
  });

  it('is shown at once, and to the other person when it can no longer be undone', async () => {
    await remove(ada, 'First mistake');
    await bubble(ada, 'First mistake').waitFor({ state: 'detached' });
    // The focus stays in the thread.
    await expect.poll(() => ada.page.evaluate(() => document.activeElement?.closest('[role=log]') !== null)).toBe(true);
    await bubble(grace, 'First mistake').waitFor({ state: 'detached' });
    await ada.page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' });
    await grace.page
      .locator('[aria-live=polite]')
      .getByText('Ada Vale deleted a message')
      .waitFor({ state: 'attached' });
  });

  it('is said in a quote of the message', async () => {
    await clickToolbar(bubble(grace, 'Second mistake'), 'Reply');
    await write(grace, 'Which one?');
    const quote = bubble(grace, 'Which one?').getByRole('button', { name: /In reply to/ });
    await quote.getByText('Second mistake').waitFor();
    await bubble(ada, 'Which one?').waitFor();
    const deleted = bubble(ada, 'Second mistake').first();
    await pressOn(deleted, 'Delete');
    await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await bubble(ada, 'Which one?').getByText('Message deleted').waitFor();
    await quote.getByText('Message deleted').waitFor();
  });

  it('that the server refuses is taken back, and says why', async () => {
    const { page } = ada;
    await say(ada, 'Stays here');
    const refusal = {
      error: { message: 'no', code: -32000, data: { code: 'FORBIDDEN', httpStatus: 403, reason: 'not_your_message' } },
    };
    await page.route('**/trpc/messages.delete**', (route) =>
      route.fulfill({ status: 403, contentType: 'application/json', body: JSON.stringify(refusal) }),
    );
    await remove(ada, 'Stays here');
    await page
      .getByRole('status')
      .getByText('Your message was not deleted. You can only change your own messages.')
      .waitFor();
    await expectText(ada, 'Stays here');
    await page.unroute('**/trpc/messages.delete**');
  });
});

describe('a finger', async () => {
  const phone = await visitAs(browser, ada, { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });
  const { page } = phone;
  const session = await phone.context.newCDPSession(page);
  const sheet = page.getByRole('dialog', { name: 'Message actions' });
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', point?: { x: number; y: number }) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [point] : [] });
  const drag = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
    const at = (part: number) => ({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part });
    const parts = Array.from({ length: 8 }, (_, step) => (step + 1) / 8);
    // At once: on a busy machine, a pause after the first one would be a long press. The browser may keep moves until the next
    // frame, but not when the finger is lifted.
    await Promise.all([
      touch('touchStart', from),
      ...parts.map((part) => touch('touchMove', at(part))),
      touch('touchEnd'),
    ]);
  };

  it('that rests on a message opens the sheet, and presses nothing in it when it is lifted', async () => {
    await page.goto(`/messages/${group}`);
    await composer(page).waitFor();
    await say(ada, 'Press me');
    await expectText(phone, 'Press me');
    await untilStill(page);
    await touch('touchStart', await centre(bubble(phone, 'Press me')));
    await sheet.waitFor();
    await touch('touchEnd');
    expect(await sheet.getByRole('listitem').allTextContents()).toEqual([
      'Reply',
      'Edit',
      'Copy',
      'Copy link',
      'Delete',
    ]);
    expect(await page.evaluate(() => document.getSelection()?.toString())).toBe('');
    await keepScreenshots(phone, 'message-sheet');
    await page.setViewportSize({ width: 390, height: 844 });
    await sheet.getByRole('toolbar', { name: 'Quick reactions' }).getByRole('button').first().click();
    await sheet.waitFor({ state: 'detached' });
    await bubble(phone, 'Press me')
      .locator('xpath=../..')
      .getByRole('button', { name: /^You reacted/ })
      .waitFor();
  });

  it('that swipes a message to the right replies to it', async () => {
    await untilStill(page);
    const from = await centre(bubble(phone, 'Press me'));
    await drag(from, { x: from.x + 45, y: from.y });
    await untilStill(page);
    expect(await page.getByRole('group', { name: 'Reply' }).count()).toBe(0);
    await drag(from, { x: from.x + 100, y: from.y });
    await page.getByRole('group', { name: 'Reply' }).getByText('Press me').waitFor();
    await untilFocused(composer(page));
    await page.getByRole('button', { name: 'Remove the quote' }).click();
  });

  it('that scrolls neither opens the sheet nor replies', async () => {
    await untilStill(page);
    const scrolled = () => page.getByRole('log').evaluate((log) => log.scrollTop);
    const before = await scrolled();
    const from = await centre(bubble(phone, 'Press me'));
    await drag(from, { x: from.x + 20, y: from.y + 160 });
    await expect.poll(scrolled).toBeLessThan(before);
    expect(await sheet.count()).toBe(0);
    expect(await page.getByRole('group', { name: 'Reply' }).count()).toBe(0);
    await phone.context.close();
  });
});

async function centre(found: Locator): Promise<{ x: number; y: number }> {
  const box = await found.boundingBox();
  if (box === null) throw new Error('not drawn');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
