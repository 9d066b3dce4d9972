import { describe, expect, it } from 'vitest';
import { createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { expectReloadable, message, sendMessage, signOut, visit, visitAs } from './support/people.ts';

const browser = await connectBrowser();

describe('a page whose program does not load', () => {
  it('shows an error, and loads after Reload', async () => {
    const { page } = await visit(browser);
    await expectReloadable(page);
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
    await context.close();
  });
});
