import { describe, expect, it } from 'vitest';
import { createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { expectReloadable, message, sendMessage, signOut, visit, visitAs } from './support/people.ts';
import { abortFirst } from './support/requests.ts';

const browser = await connectBrowser();

describe('a page whose program does not load', () => {
  it.each(['**/assets/index-*.js', '**/assets/start-*.js', '**/assets/routes-*.js', '**/assets/first-*.js'])(
    'shows an error without %s, and loads after Reload',
    async (part) => {
      const { page, context } = await visit(browser);
      await expectReloadable(page, part);
      await context.close();
    },
  );

  it('says so in the language of the page', async () => {
    const { page, context } = await visit(browser, { locale: 'de-DE' });
    await page.route('**/assets/index-*.js', (route) => route.abort());
    await page.goto('/signin');
    await page.getByRole('alert').getByText('Cruddur konnte nicht geladen werden.').waitFor();
    await page.getByRole('button', { name: 'Neu laden' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await context.close();
  });

  it('shows an error instead of a half of itself if the messages have not loaded', async () => {
    const { page, context } = await visitAs(browser, await createAccount('Ada Vale'));
    await abortFirst(page, '**/assets/messages-app-*');
    await page.goto('/messages');
    await page.getByRole('alert').getByText('Couldn’t load Cruddur.').waitFor();
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    await context.close();
  });
});

describe('a page whose program is loading', () => {
  it('shows its skeleton to a person who is signed in, until there is more to show', async () => {
    const [ada, grace] = await Promise.all([createAccount('Ada Vale'), createAccount('Grace Holm')]);
    const group = await sendMessage(grace, ada.handle, 'Worth the wait');
    const visitor = await visitAs(browser, ada);
    const { page, context } = visitor;
    let load = () => {};
    const loading = new Promise<void>((resolve) => (load = resolve));
    await context.route(/\/assets\/routes-/, async (route) => {
      await loading;
      await route.continue();
    });
    const shown = page.locator('#skeleton [data-for]:visible');
    const skeletons = () =>
      shown.evaluateAll((elements) => elements.map((element) => element.getAttribute('data-for')));
    for (const [address, name] of [
      ['/messages', 'list'],
      [`/messages/${group}`, 'open'],
    ] as const) {
      await page.goto(address, { waitUntil: 'commit' });
      await expect.poll(skeletons).toEqual([name]);
    }
    load();
    await message(visitor, 'Worth the wait').waitFor();
    expect(await skeletons()).toEqual([]);
    await signOut(visitor);
    await page.goto('/messages', { waitUntil: 'commit' });
    await page.getByLabel('Handle or email').waitFor();
    expect(await skeletons()).toEqual([]);
    // Not without its styles, either, which load with the program in development.
    await context.route('**/assets/*.css', (route) => route.abort());
    await page.reload();
    await page.getByLabel('Handle or email').waitFor();
    expect(await skeletons()).toEqual([]);
    await context.close();
  });
});
