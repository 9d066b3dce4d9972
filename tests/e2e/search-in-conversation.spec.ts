import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { launchBrowserWithClipboard } from './support/browser.ts';
import { createPair, message, openGroup, signIn, visit, writeMany } from './support/people.ts';
import { clickToolbar, composer, distanceFromEnd, hasFocus, isInView } from './support/thread.ts';

const browser = await launchBrowserWithClipboard();

/** Follows a link in the open page, as a click on one does. */
const follow = (page: Page, link: string) =>
  page.evaluate((href) => {
    history.pushState(null, '', href);
    dispatchEvent(new PopStateEvent('popstate'));
  }, link);

describe('a link to a message', () => {
  it('opens in another browser at that message, also after signing in, on reload and by back and forward', async () => {
    const [una, otto] = await createPair(browser, ['Una Cape', 'Otto Cape']);
    await clickToolbar(message(una, 'Hello!').locator('xpath=ancestor::*[@data-key]'), 'More actions');
    await una.page.getByRole('menuitem', { name: 'Copy link' }).click();
    await una.page.getByText('Your browser didn’t allow copying.').waitFor();
    await una.context.grantPermissions(['clipboard-write']);
    await una.page.keyboard.press('l');
    await una.page.getByText('Link copied').waitFor();
    await composer(una.page).press('ControlOrMeta+v');
    const link = await composer(una.page).inputValue();
    const ropes = Array.from({ length: 80 }, (_, i) => `Rope ${i + 1}`);
    await writeMany(otto, openGroup(una), ropes);

    const elsewhere = await visit(browser);
    const { page } = elsewhere;
    const found = message(elsewhere, 'Hello!').locator('xpath=ancestor::*[@data-key]');
    const isThere = async () => {
      await expect.poll(() => isInView(found)).toBe(true);
      await expect.poll(() => hasFocus(found)).toBe(true);
    };
    const isAtEnd = () => expect.poll(() => isInView(message(elsewhere, 'Rope 80'))).toBe(true);
    await page.goto(link);
    await signIn(elsewhere, otto.handle, otto.password);
    await isThere();
    expect(await message(elsewhere, 'Rope 80').count()).toBe(0);
    await page.reload();
    await isThere();
    await page.keyboard.press('Escape');
    await isAtEnd();
    expect(page.url()).not.toContain('?');

    await follow(page, link);
    await isThere();
    await page.goBack();
    await isAtEnd();
    expect(await distanceFromEnd(page)).toBeLessThan(1);
    await page.goForward();
    await isThere();

    await page.goto('/messages/' + openGroup(una) + '?at=yesterday');
    await page.getByText('That link does not lead to a message.').waitFor();
    await follow(page, link.replace(/at=.*/, 'at=2001-02-03T04:05:06Z'));
    await page.getByText('That message could not be found.').waitFor();
    await Promise.all([una, otto, elsewhere].map(({ context }) => context.close()));
  });
});
