import { text } from 'node:stream/consumers';
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOf, createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { forgetKept } from './support/kept.ts';
import { expireToken, sendMessage, type TestUser, visitAs } from './support/people.ts';
import { holdCalls } from './support/requests.ts';
import { hasFocus, pressOn, untilFocused } from './support/thread.ts';

const WIDTHS = [
  ['a wide page', { width: 1280, height: 800 }],
  ['a phone', { width: 390, height: 844 }],
] as const;

const browser = await connectBrowser();

/** Opens the settings of a new person. */
async function openSettings(name: string, viewport: { width: number; height: number } = WIDTHS[0][1]) {
  const person = await visitAs(browser, await createAccount(name), { viewport });
  await person.page.goto('/settings');
  await person.page.getByRole('radio', { name: 'Everyone', exact: true }).waitFor();
  return person;
}

const radio = (page: Page, name: string) => page.getByRole('radio', { name, exact: true });
const toggle = (page: Page, name: string) => page.getByRole('switch', { name });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const isExport = (url: URL) => url.pathname.includes('users.exportData');
/** Whether a request is for the second page of an export or a later one. */
const isLaterPage = (url: URL) => isExport(url) && (url.searchParams.get('input') ?? '').includes('cursor');

/** The lines of the file that is saved. */
async function saveFile({ page, handle }: TestUser) {
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save file').click()]);
  expect(download.suggestedFilename()).toMatch(new RegExp(`^cruddur-${handle}-\\d{4}-\\d\\d-\\d\\d\\.jsonl$`));
  const lines = (await text(await download.createReadStream())).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as { type: string; message?: string; handle?: string });
}

// Each test continues where the last one ended.
describe.each(WIDTHS)('the settings on %s', (_, viewport) => {
  let person: TestUser;
  beforeAll(async () => {
    person = await openSettings('Ada Stone', viewport);
  });
  afterAll(() => person?.context.close());

  it('open from the account menu and lead back', async () => {
    const { page, violations } = person;
    await page.getByRole('link', { name: 'Back to messages' }).click();
    await button(page, 'Account').click();
    await page.getByRole('menuitem', { name: 'Settings' }).click();
    await page.waitForURL('**/settings');
    const heading = page.getByRole('heading', { name: 'Settings', level: 1 });
    await untilFocused(heading);
    expect(await page.title()).toBe('Settings · Cruddur');
    await page.getByRole('link', { name: 'Back to messages' }).click();
    await button(page, 'Account').waitFor();
    expect(violations).toEqual([]);
  });

  it('show their shape until the person is known', async () => {
    const { page } = person;
    let release = () => {};
    const isReleased = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(/users\.me/, async (route) => {
      await isReleased;
      await route.continue();
    });
    // The page would begin with what it has stored since it was loaded, among it the settings.
    await forgetKept(page);
    await page.goto('/settings');
    await page.getByRole('status', { name: 'Loading your settings' }).waitFor();
    release();
    await radio(page, 'Everyone').waitFor();
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('fit into the page, also at 200 % zoom', async () => {
    const { page } = person;
    for (const width of [Math.floor(viewport.width / 2), viewport.width]) {
      await page.setViewportSize({ width, height: viewport.height });
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      await expect.poll(overflow).toBeLessThanOrEqual(0);
      for (const name of ['Download my data', 'Sign out everywhere']) {
        const box = await button(page, name).boundingBox();
        expect(box && box.x >= 0 && box.x + box.width <= width && box.height >= 44).toBe(true);
      }
    }
  });

  it('keep who may write, and what others see', async () => {
    const { page } = person;
    await radio(page, 'Everyone, as a request first').check();
    await toggle(page, 'Read receipts').uncheck();
    await toggle(page, 'Typing indicators').uncheck();
    const api = await apiOf(person);
    await expect
      .poll(() => api.users.settings.query())
      .toEqual({ whoMayMessage: 'requests', sendsReadReceipts: false, sendsTyping: false, isSuspended: false });
    await page.reload();
    // It begins with what it has stored, which may be from before the last changes.
    await radio(page, 'Everyone, as a request first').and(page.locator(':checked')).waitFor();
    await toggle(page, 'Read receipts').and(page.locator(':not(:checked)')).waitFor();
  });

  it('list blocked people and unblock them', async () => {
    const { page } = person;
    const other = await createAccount('Bea Quarry');
    const api = await apiOf(person);
    const openStream = await holdCalls(page, 'events.subscribe');
    await page.reload();
    await page.getByText('You haven’t blocked anyone.').waitFor();
    // On another device, before this page hears of it.
    await api.users.block.mutate({ handle: other.handle });
    openStream();
    await button(page, 'Unblock Bea Quarry').click();
    await page.getByRole('status').getByText('You unblocked Bea Quarry').waitFor();
    await page.getByText('You haven’t blocked anyone.').waitFor();
    await expect.poll(async () => (await api.users.listBlocked.query()).items).toEqual([]);
  });

  it('download own data as JSON Lines', async () => {
    const other = await createAccount('Cleo Marble');
    await sendMessage(person, other.handle, 'Two\nlines');
    await button(person.page, 'Download my data').click();
    expect((await saveFile(person)).map(({ type }) => type)).toEqual([
      'profile',
      'settings',
      'conversation',
      'message',
    ]);
    await button(person.page, 'Remove from this browser').click();
    await button(person.page, 'Download my data').waitFor();
    await person.page.reload();
    await button(person.page, 'Download my data').and(person.page.locator(':not([aria-busy])')).waitFor();
    expect(person.violations).toEqual([]);
  });
});

// Each test continues where the last one ended.
describe('a setting', () => {
  let one: TestUser;
  beforeAll(async () => {
    one = await openSettings('Kay Stone');
  });
  afterAll(() => one?.context.close());

  it('can be changed with the keyboard', async () => {
    const { page } = one;
    await pressOn(radio(page, 'Everyone'), 'ArrowDown');
    await radio(page, 'Everyone, as a request first').and(page.locator(':checked')).waitFor();
    await page.keyboard.press('Tab');
    expect(await hasFocus(toggle(page, 'Read receipts'))).toBe(true);
    await page.keyboard.press('Space');
    await toggle(page, 'Read receipts').and(page.locator(':not(:checked)')).waitFor();
  });

  it('goes back with an explanation if it is refused', async () => {
    const { page } = one;
    const body = JSON.stringify({
      error: {
        message: 'no',
        code: -32000,
        data: { code: 'SERVICE_UNAVAILABLE', httpStatus: 503, reason: 'store_unavailable' },
      },
    });
    await page.route(/users\.updateSettings/, (route) =>
      route.fulfill({ status: 503, contentType: 'application/json', body: `[${body}]` }),
    );
    await toggle(page, 'Typing indicators').click();
    await page.getByRole('alert').getByText('Your change was not saved.').waitFor();
    await expect.poll(() => toggle(page, 'Typing indicators').isChecked()).toBe(true);
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('reaches the person’s other pages', async () => {
    const other = await visitAs(browser, one);
    await other.page.goto('/settings');
    await radio(other.page, 'Everyone').waitFor();
    // The other page may still be opening its stream.
    await expect
      .poll(async () => {
        await radio(one.page, 'Everyone').check();
        await radio(one.page, 'No one').check();
        return radio(other.page, 'No one').isChecked();
      })
      .toBe(true);
    await other.context.close();
  });

  it('of the theme applies at once, and stays', async () => {
    const { page } = one;
    await radio(page, 'Dark').check();
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    expect(await theme()).toBe('dark');
    await page.reload();
    await radio(page, 'Dark').and(page.locator(':checked')).waitFor();
    expect(await theme()).toBe('dark');
  });

  it('of notifications asks the browser, and is the account menu’s', async () => {
    const { page } = one;
    // A headless browser has none.
    await page.addInitScript(`window.Notification = class {
      static permission = sessionStorage.permission ?? 'default';
      static requestPermission = async () => (this.permission = sessionStorage.permission = 'granted');
    };`);
    await page.reload();
    await toggle(page, 'Notifications').click();
    await toggle(page, 'Notifications').and(page.locator(':checked')).waitFor();
    await page.reload();
    await toggle(page, 'Notifications').and(page.locator(':checked')).waitFor();
    await page.goto('/messages');
    await button(page, 'Account').click();
    await page.getByRole('menuitemcheckbox', { name: 'Notifications', checked: true }).waitFor();
  });
});

describe('a download of own data', () => {
  let person: TestUser;
  beforeAll(async () => {
    person = await openSettings('Rae Stone');
  });
  afterAll(() => person?.context.close());

  it('can be cancelled', async () => {
    const { page } = person;
    await page.route(isLaterPage, () => undefined);
    await button(page, 'Download my data').click();
    await button(page, 'Cancel').click();
    await button(page, 'Download my data').waitFor();
    expect(await page.getByRole('progressbar').count()).toBe(0);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('says why it stopped, and continues when asked', async () => {
    const { page } = person;
    const body = JSON.stringify([
      {
        error: { message: 'no', code: -32000, data: { code: 'BAD_REQUEST', httpStatus: 400, reason: 'input_invalid' } },
      },
    ]);
    await page.route(isLaterPage, (route) => route.fulfill({ status: 400, contentType: 'application/json', body }));
    await button(page, 'Download my data').click();
    await page.getByRole('alert').getByText('The download stopped.').waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await button(page, 'Continue').click();
    expect(await saveFile(person)).not.toEqual([]);
    await button(page, 'Remove from this browser').click();
  });

  it('continues after a reload with what is not here yet', async () => {
    const { page } = person;
    await sendMessage(person, (await createAccount('Dan Slate')).handle, 'Kept');
    await page.route(isLaterPage, () => undefined);
    await Promise.all([
      page.waitForRequest((request) => isLaterPage(new URL(request.url()))),
      button(page, 'Download my data').click(),
    ]);
    await page.getByRole('progressbar', { name: 'Download' }).waitFor();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    const asked: Request[] = [];
    page.on('request', (request) => isExport(new URL(request.url())) && asked.push(request));
    await page.reload();
    expect((await saveFile(person)).some(({ message }) => message === 'Kept')).toBe(true);
    expect(asked.every((request) => isLaterPage(new URL(request.url())))).toBe(true);
    // Nothing of it stays after a sign-out.
    await page.getByRole('link', { name: 'Back to messages' }).click();
    await button(page, 'Account').click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/\/signin/);
    await expect
      .poll(() => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name)))
      .toEqual([]);
  });
});

describe('signing out everywhere', () => {
  let here: TestUser;
  beforeAll(async () => {
    here = await openSettings('Lou Stone');
  });
  afterAll(() => here?.context.close());

  it('stays signed in, and says so, if the sign-in service does not answer', async () => {
    const { page } = here;
    await page.route('**/*', (route) =>
      /GlobalSignOut/.test(route.request().headers()['x-amz-target'] ?? '') ? route.abort() : route.fallback(),
    );
    await button(page, 'Sign out everywhere').click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('alert').getByText('You’re still signed in').waitFor();
    expect(new URL(page.url()).pathname).toBe('/settings');
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('asks, and ends the sessions here and on other devices', async () => {
    const { page } = here;
    const elsewhere = await visitAs(browser, here);
    await elsewhere.page.goto('/settings');
    await radio(elsewhere.page, 'Everyone').waitFor();
    await page.reload();
    await button(page, 'Sign out everywhere').click();
    const dialog = page.getByRole('alertdialog', { name: 'Sign out everywhere?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await untilFocused(button(page, 'Sign out everywhere'));
    await button(page, 'Sign out everywhere').click();
    await dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.waitForURL(/\/signin/);
    // Another device is signed in until its token has to be refreshed.
    await expireToken(elsewhere.page);
    await elsewhere.page.reload();
    await elsewhere.page.waitForURL(/\/signin/);
    await elsewhere.context.close();
  });
});
