import { rm } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { buildChangedPage, type DeployedPage, deployPage } from './support/deployed-page.ts';
import { conversation, sendMessage, type TestUser, visit, visitAs } from './support/people.ts';
import { composer } from './support/thread.ts';

const browser = await connectBrowser();

/** Waits until the service worker has the page's files, and answers its requests. */
const untilControlled = (page: Page) =>
  expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');

const keptBuilds = (page: Page) =>
  page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('shell-')));

describe('a new build of the page', () => {
  let deployed: DeployedPage;
  let changed: string;
  let ada: TestUser;

  beforeAll(async () => {
    deployed = await deployPage();
    const [one, other] = await Promise.all([createAccount('Ada Weir'), createAccount('Olive Weir')]);
    await sendMessage(other, one.handle);
    [changed, ada] = await Promise.all([
      buildChangedPage(),
      visitAs(browser, one, { baseURL: deployed.url, serviceWorkers: 'allow' }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([deployed?.stop(), changed && rm(changed, { recursive: true })]);
  });

  const offer = (page: Page) => page.getByText('A new version is ready.');

  async function openSettings(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Account', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  }

  /** Which build a page is of: `changed-page.config.ts` marks the new one. */
  const version = (page: Page) => page.evaluate(() => document.documentElement.dataset.version);

  it('is offered, and a page that is open stays as it is, with all its parts', async () => {
    const { page, context } = ada;
    await page.goto('/messages');
    await conversation(ada, 'Olive Weir').click();
    await composer(page).fill('Half a sentence');
    await untilControlled(page);
    await deployed.deploy(changed);
    // Browsers do this when a page starts, and each day.
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await offer(page).waitFor();
    expect(await composer(page).inputValue()).toBe('Half a sentence');
    // The settings have not been loaded, and the server has them under another name only.
    const session = await context.newCDPSession(page);
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    await openSettings(page);
    await page.getByRole('link', { name: 'Back to messages' }).click();
    await offer(page).waitFor();
    expect(await version(page)).toBeUndefined();
    expect(await keptBuilds(page)).toHaveLength(2);
  });

  it('is what a page that starts is of, also next to one that stays', async () => {
    const second = await ada.context.newPage();
    await second.goto('/messages');
    await conversation({ ...ada, page: second }, 'Olive Weir').waitFor();
    expect(await version(second)).toBe('changed');
    expect(await version(ada.page)).toBeUndefined();
    await second.close();
  });

  it('starts at the press of a button, keeps what was typed, and removes the earlier build', async () => {
    const { page, violations } = ada;
    await conversation(ada, 'Olive Weir').click();
    await composer(page).waitFor();
    await page.getByRole('button', { name: 'Update', exact: true }).click();
    await expect.poll(() => version(page)).toBe('changed');
    await expect.poll(() => composer(page).inputValue()).toBe('Half a sentence');
    await expect.poll(() => keptBuilds(page)).toHaveLength(1);
    await openSettings(page);
    expect(await offer(page).count()).toBe(0);
    expect(violations).toEqual([]);
  });
});

describe('without the server', () => {
  it('the page starts, at each of its addresses', async () => {
    const deployed = await deployPage();
    const { page, violations } = await visit(browser, { baseURL: deployed.url, serviceWorkers: 'allow' });
    await page.goto('/signin');
    await untilControlled(page);
    await deployed.stop();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
    await page.goto('/signup');
    await page.getByRole('heading', { name: 'Create account', level: 1 }).waitFor();
    await page.goto('/messages');
    await page.waitForURL('**/signin');
    await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
    expect(violations).toEqual([]);
  });
});
