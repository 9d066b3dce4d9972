import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccount, type TestAccount } from '../e2e/support/accounts.ts';
import { conversation, sendMessage, signOut } from '../e2e/support/people.ts';
import { sharedStack } from '../e2e/support/shared-stack.ts';
import { type Chromium, launchChromium, signInAt } from './support/chromium.ts';

describe('the app that Chromium installs', () => {
  let browser: Chromium;
  let page: Page;
  let devTools: CDPSession;
  let handle: string;
  let other: TestAccount;
  let app: { manifestId: string };

  beforeAll(async () => {
    const { webUrl } = await sharedStack();
    app = { manifestId: `${webUrl}/` };
    const [one, two] = await Promise.all([createAccount('Tove Mole'), createAccount('Ulf Mole')]);
    [{ handle }, other] = [one, two];
    await sendMessage(other, one.handle);
    // `page.route` does not see a worker's requests.
    browser = await launchChromium({ serviceWorkers: 'block' });
    page = await signInAt(browser, one);
    devTools = await browser.context.newCDPSession(page);
    await page.goto('/messages');
    await conversation({ page }, 'Ulf Mole').waitFor();
  });
  afterAll(() => browser?.close());

  /** Why Chromium would not offer to install the page. */
  const objections = async (session: CDPSession) =>
    (await session.send('Page.getInstallabilityErrors')).installabilityErrors.map(({ errorId }) => errorId);

  const badge = async () => (await devTools.send('PWA.getOsAppState', app)).badgeCount;

  it.each([
    ['manifest', '**/manifest.json', 'manifest-missing-name-or-short-name'],
    ['icons', '**/icon-*.png', 'no-acceptable-icon'],
  ])('would not be offered without its %s', async (_what, files, objection) => {
    const without = await browser.context.newPage();
    await without.route(files, (route) => route.fulfill({ status: 404 }));
    await without.goto('/signin');
    expect(await objections(await browser.context.newCDPSession(without))).toContain(objection);
    await without.close();
  });

  it('is offered, and other apps can share with it', async () => {
    expect(await objections(devTools)).toEqual([]);
    const { errors, manifest, url, data = '' } = await devTools.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(manifest.shareTarget).toMatchObject({ action: new URL('/messages', url).href, method: 'kGet' });
    const { share_target } = JSON.parse(data) as { share_target: { params: object } };
    expect(share_target.params).toEqual({ title: 'share_title', text: 'share_text', url: 'share_url' });
  });

  it('is on the desktop, with its shortcuts', async () => {
    await devTools.send('PWA.install', app);
    const folder = path.join(browser.home, 'data/applications');
    /** The app's name, then those of its shortcuts. */
    const names = async () => {
      const [entry] = await readdir(folder).catch(() => []);
      return entry === undefined ? [] : (await readFile(path.join(folder, entry), 'utf8')).match(/(?<=^Name=).*/gm);
    };
    await expect.poll(names).toEqual(['Cruddur Messages', 'New message', 'Settings', 'Unread']);
  });

  it('opens at the list, in a separate window', async () => {
    // What a person's installation does.
    await devTools.send('PWA.changeAppUserSettings', { ...app, displayMode: 'standalone' });
    const [window] = await Promise.all([browser.context.waitForEvent('page'), devTools.send('PWA.launch', app)]);
    await conversation({ page: window }, 'Ulf Mole').waitFor();
    expect(await window.evaluate(() => matchMedia('(display-mode: standalone)').matches)).toBe(true);
  });

  it('has a number on its icon for what is unread', async () => {
    await expect.poll(badge).toBe(1);
    await conversation({ page }, 'Ulf Mole').click();
    await expect.poll(badge).toBe(0);
  });

  it('loses its number when the person signs out', async () => {
    await page.goto('/messages');
    await sendMessage(other, handle, 'Still there?');
    await expect.poll(badge).toBe(1);
    await signOut({ page });
    await expect.poll(badge).toBe(0);
  });
});
