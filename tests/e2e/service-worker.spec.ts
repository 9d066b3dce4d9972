import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { buildChangedPage, type DeployedPage, deployPage } from './support/deployed-page.ts';
import { conversation, sendMessage, type TestUser, type Visitor, visit, visitAs } from './support/people.ts';
import { abortFirst } from './support/requests.ts';
import { composer } from './support/thread.ts';

const REMOVE_WORKER = path.join(ROOT_DIR, 'apps/web/src/worker/remove-worker.js');

const browser = await connectBrowser();

/** Waits until the service worker has the page's files, and answers its requests. */
const untilControlled = (page: Page) =>
  expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');

const keptBuilds = (page: Page) =>
  page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('shell-')));

/** The address of the settings' code in a build. */
const settingsPartOf = (page: Page, build: string) =>
  page.evaluate(async (cache) => {
    const files = await (await caches.open(cache)).keys();
    return files.map(({ url }) => url).find((url) => url.includes('/settings-page-')) ?? '';
  }, build);

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
    const { page } = ada;
    await page.goto('/messages');
    await conversation(ada, 'Olive Weir').click();
    await composer(page).fill('Half a sentence');
    await untilControlled(page);
    const [before = ''] = await keptBuilds(page);
    await deployed.deploy(changed);
    // Browsers do this when a page starts, and each day.
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await offer(page).waitFor();
    expect(await composer(page).inputValue()).toBe('Half a sentence');
    // The server has the settings under another name by now. `no-store` leaves out the browser's own cache.
    const part = await settingsPartOf(page, before);
    expect((await fetch(part)).status).toBe(404);
    expect(await page.evaluate(async (url) => (await fetch(url, { cache: 'no-store' })).status, part)).toBe(200);
    await openSettings(page);
    await offer(page).waitFor();
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

  it('whose worker only removes itself and its files is the way out', async () => {
    const { page } = ada;
    await cp(REMOVE_WORKER, path.join(changed, 'service-worker.js'));
    const update = async () => {
      await deployed.deploy(changed);
      await page.evaluate(async () => void (await navigator.serviceWorker.getRegistration())?.update());
    };
    // The browser may look for a new worker without being asked, and reload the page before it is asked.
    await Promise.all([page.waitForEvent('load'), update()]);
    // Not the settings: a worker knows only the address that a page was loaded at.
    await composer(page).waitFor();
    await expect.poll(() => page.evaluate(async () => (await caches.keys()).length)).toBe(0);
    await expect
      .poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length))
      .toBe(0);
    expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
  });
});

describe('a worker', () => {
  it('whose code and registration failed at first is registered without a reload', async () => {
    const { page, context, violations } = await visit(browser, { serviceWorkers: 'allow' });
    await abortFirst(page, '**/register-worker-*');
    await context.addInitScript(() => {
      const { serviceWorker } = navigator;
      const register = serviceWorker.register.bind(serviceWorker);
      serviceWorker.register = async () => {
        serviceWorker.register = register;
        throw new TypeError('no network');
      };
    });
    const isPart = (request: Request) => request.url().includes('/register-worker-');
    await Promise.all([page.waitForEvent('requestfailed', isPart), page.goto('/signin')]);
    await untilControlled(page);
    expect(violations).toEqual([]);
    await context.close();
  });
});

describe('without the server', () => {
  let deployed: DeployedPage;
  let visitor: Visitor;

  beforeAll(async () => {
    deployed = await deployPage();
    visitor = await visit(browser, { baseURL: deployed.url, serviceWorkers: 'allow' });
  });
  afterAll(() => deployed?.stop());

  const hasChangedConfig = (page: Page) => page.evaluate(() => 'changedConfig' in window);

  it('the page starts, at each of its addresses', async () => {
    const { page, violations } = visitor;
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

  it('which comes back with another configuration, the page starts with it from the second time on', async () => {
    const { page } = visitor;
    const addToConfig = 'window.changedConfig = true;';
    deployed = await deployPage({ port: Number(new URL(deployed.url).port), addToConfig });
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
    expect(await hasChangedConfig(page)).toBe(false);
    await expect
      .poll(() => page.evaluate(async () => (await caches.match('/config.js'))?.text()))
      .toContain(addToConfig);
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
    expect(await hasChangedConfig(page)).toBe(true);
  });
});
