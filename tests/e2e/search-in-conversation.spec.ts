import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { apiOf } from './support/accounts.ts';
import { launchBrowserWithClipboard } from './support/browser.ts';
import { createPair, keepScreenshots, message, openGroup, signIn, visit, write, writeMany } from './support/people.ts';
import {
  clickToolbar,
  composer,
  distanceFromEnd,
  hasFocus,
  isInView,
  placeOf,
  pressOn,
  scrollThread,
  topBubble,
  untilFocused,
  untilStill,
} from './support/thread.ts';

const browser = await launchBrowserWithClipboard();
const [una, otto] = await createPair(browser, ['Una Cape', 'Otto Cape']);
const { page } = una;
const messageGroupUuid = openGroup(una);

/** Follows a link in the open page, as a click on one does. */
const follow = (open: Page, link: string) =>
  open.evaluate((href) => {
    history.pushState(null, '', href);
    dispatchEvent(new PopStateEvent('popstate'));
  }, link);

describe('a link to a message', () => {
  it('opens in another browser at that message, also after signing in, on reload and by back and forward', async () => {
    await clickToolbar(message(una, 'Hello!').locator('xpath=ancestor::*[@data-key]'), 'More actions');
    await page.getByRole('menuitem', { name: 'Copy link' }).click();
    await page.getByText('Your browser didn’t allow copying.').waitFor();
    await una.context.grantPermissions(['clipboard-write']);
    await page.keyboard.press('l');
    await page.getByText('Link copied').waitFor();
    await composer(page).press('ControlOrMeta+v');
    const link = await composer(page).inputValue();
    await composer(page).fill('');
    const knots = Array.from({ length: 70 }, (_, i) => (i % 20 === 5 ? `Bowline ${i}` : `Knot ${i}`));
    await writeMany(otto, messageGroupUuid, knots);

    const elsewhere = await visit(browser);
    const found = message(elsewhere, 'Hello!').locator('xpath=ancestor::*[@data-key]');
    const isThere = async () => {
      await expect.poll(() => isInView(found)).toBe(true);
      await untilFocused(found);
    };
    const isAtEnd = () => expect.poll(() => isInView(message(elsewhere, 'Knot 69'))).toBe(true);
    await elsewhere.page.goto(link);
    await signIn(elsewhere, otto.handle, otto.password);
    await isThere();
    expect(await message(elsewhere, 'Knot 69').count()).toBe(0);
    await elsewhere.page.reload();
    await isThere();
    await elsewhere.page.keyboard.press('Escape');
    await isAtEnd();
    expect(elsewhere.page.url()).not.toContain('?');

    await follow(elsewhere.page, link);
    await isThere();
    await elsewhere.page.goBack();
    await isAtEnd();
    await expect.poll(() => distanceFromEnd(elsewhere.page)).toBeLessThan(1);
    await elsewhere.page.goForward();
    await isThere();

    await follow(elsewhere.page, link.replace(/at=.*/, 'at=yesterday'));
    await elsewhere.page.getByText('That link does not lead to a message.').waitFor();
    await follow(elsewhere.page, link.replace(/at=.*/, 'at=2001-02-03T04:05:06Z'));
    await elsewhere.page.getByText('That message could not be found.').waitFor();
    await elsewhere.context.close();
  });
});

describe('the search in a conversation', () => {
  const part = page.getByRole('search', { name: 'Search in this conversation' });
  const field = part.getByRole('searchbox');
  const expectPosition = (words: string) =>
    expect.poll(() => part.getByRole('status').first().textContent()).toContain(words);
  const expectHit = async (position: string, text: string) => {
    await expectPosition(position);
    await expect.poll(() => isInView(message(una, text))).toBe(true);
    expect(await hasFocus(field)).toBe(true);
  };
  /** What is highlighted in the thread: of the hit that is shown, and of the others. */
  const highlighted = () =>
    page.evaluate(() => ['found-now', 'found'].map((name) => [...(CSS.highlights.get(name) ?? [])].map(String)));

  it('walks what it finds by the keyboard, and leads back to where the reader was', async () => {
    await message(una, 'Knot 69').waitFor();
    for (let turns = 0; turns < 3; turns++) {
      await scrollThread(page, -150);
      await untilStill(page);
    }
    const before = await topBubble(page);
    const focused = page.locator(`[data-key="${before.key}"]`);
    await pressOn(focused, 'ControlOrMeta+Shift+f');
    await page.keyboard.type('bowl');
    await expectHit('1 of 4', 'Bowline 65');
    await page.keyboard.press('Enter');
    await expectHit('2 of 4', 'Bowline 45');
    await expect.poll(highlighted).toEqual([['Bowl'], []]);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await expectHit('4 of 4', 'Bowline 5');
    await page.keyboard.press('Shift+Enter');
    await expectHit('3 of 4', 'Bowline 25');
    await keepScreenshots(una, 'search-in-conversation');
    await page.emulateMedia({ colorScheme: 'dark' });
    await keepScreenshots(una, 'search-in-conversation-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    expect(await placeOf(page, before.key)).toBeCloseTo(before.y, 0);
    await untilFocused(focused);
  });

  it('shows what it finds at the end of a text that is higher than the view', async () => {
    await writeMany(otto, messageGroupUuid, [`${'Line\n'.repeat(100)}the sheepshank${'\nLine'.repeat(60)}`]);
    await page.keyboard.press('ControlOrMeta+Shift+f');
    await page.keyboard.type('sheepshank');
    await expectPosition('1 of 1');
    const isFoundInView = () =>
      page.evaluate(() => {
        const [range] = CSS.highlights.get('found-now') ?? [];
        const view = document.querySelector('[role="log"]')?.getBoundingClientRect();
        const found = range instanceof Range ? range.getBoundingClientRect() : undefined;
        return found && view ? found.top >= view.top && found.bottom <= view.bottom : false;
      });
    await expect.poll(isFoundInView).toBe(true);
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
  });

  it('follows what is written, edited and deleted meanwhile, filters, and searches what is loaded when offline', async () => {
    const api = await apiOf(otto);
    await page.getByRole('button', { name: 'Search in this conversation' }).click();
    await page.keyboard.type('bowline');
    await expectHit('1 of 4', 'Bowline 65');
    await write(otto, 'The bowline of today');
    await expectHit('2 of 5', 'Bowline 65');
    await page.keyboard.press('ArrowDown');
    await expectHit('1 of 5', 'The bowline of today');

    const { items } = await api.messages.list.query({ messageGroupUuid });
    const addressOf = (text: string) => {
      const found = items.find((each) => each.message === text);
      return { messageGroupUuid, messageUuid: found?.uuid ?? '', createdAt: found?.createdAt ?? '' };
    };
    await api.messages.edit.mutate({
      ...addressOf('The bowline of today'),
      message: 'The reef knot of today',
      revision: 0,
    });
    await expectPosition('1 of 4');
    await api.messages.delete.mutate(addressOf('Bowline 65'));
    await expectPosition('1 of 3');
    await expect.poll(highlighted).toEqual([[], []]);

    await part.getByLabel('Sender').selectOption('From me');
    await expectPosition('Nothing found');
    await part.getByLabel('Sender').selectOption('From Otto Cape');
    await part.getByLabel('Has link').check();
    await expectPosition('Nothing found');
    await part.getByLabel('Has link').uncheck();
    await expectPosition('1 of 3');
    await una.context.setOffline(true);
    await part.getByText('Only messages that this page has loaded are searched.').waitFor();
    await field.fill('reef');
    await expectHit('1 of 1', 'The reef knot of today');
    await una.context.setOffline(false);
    await part.getByText('Only messages that this page has loaded are searched.').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    await untilFocused(page.getByRole('button', { name: 'Search in this conversation' }));
  });
});
