import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import type { Page, Request } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { connectBrowser } from './support/browser.ts';
import { closeAccountMenu, expireToken, message, signIn, signOut, visitAsSeeded } from './support/people.ts';
import { isSend } from './support/requests.ts';
import { sharedStack } from './support/shared-stack.ts';
import { composer } from './support/thread.ts';

const THREAD = `/messages/${SEEDED_MESSAGE_GROUP_UUID}`;
const LAST_LINE = 'I will heat the iron. Both.';

const browser = await connectBrowser();
const andrew = await visitAsSeeded(browser, 'andrewbrown');
await andrew.page.goto(THREAD);
await message(andrew, LAST_LINE).waitFor();

/** Alters the tokens that the browser keeps. */
const alterTokens = (page: Page, kinds: string[]) =>
  page.evaluate((names) => {
    for (const key of Object.keys(localStorage)) {
      if (!names.some((name) => key.endsWith(`.${name}`))) continue;
      const [head, body, signature = ''] = localStorage.getItem(key)?.split('.') ?? [];
      if (body === undefined) localStorage.setItem(key, 'revoked');
      else localStorage.setItem(key, [head, body, signature.split('').reverse().join('')].join('.'));
    }
  }, kinds);

/** The keys in the browser's storage, except that of the theme. */
const writtenKeys = (page: Page) =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => !key.endsWith(':theme')));

/**
 * Types where the focus is, as fast as the page lets it, until the page is that of signing in. Waits for no element, as
 * the session may end before one is found.
 */
async function typeUntilSignedOut(page: Page): Promise<void> {
  while (!page.url().endsWith('/signin')) await page.keyboard.press('a');
}

describe('a session', () => {
  it('survives a reload', async () => {
    await andrew.page.reload();
    await message(andrew, LAST_LINE).waitFor();
  });

  it('is refreshed automatically when its token has expired', async () => {
    const { page } = andrew;
    const isRefresh = (request: Request) => /RefreshToken/.test(request.headers()['x-amz-target'] ?? '');
    // A call of the open page may refresh it before the reload does.
    await Promise.all([page.waitForRequest(isRefresh), expireToken(page).then(() => page.reload())]);
    await message(andrew, LAST_LINE).waitFor();
  });

  it('that the server refuses ends at the sign-in page, which leads back with the draft kept', async () => {
    const { page } = andrew;
    await composer(page).fill('Not yet said');
    await alterTokens(page, ['accessToken']);
    // The open stream keeps the token that it was opened with. The next call is refused, whichever it is.
    await typeUntilSignedOut(page);
    await page.getByText('Your session has expired.').waitFor();
    await signIn(andrew, 'andrewbrown');
    await page.waitForURL(`**${THREAD}`);
    await message(andrew, LAST_LINE).waitFor();
    await expect.poll(() => composer(page).inputValue()).toMatch(/^Not yet saida*$/);
    await composer(page).fill('');
  });

  it('that ends in one tab ends in the others and leaves nothing that is written meanwhile', async () => {
    const other = await andrew.context.newPage();
    await other.goto(THREAD);
    await composer(other).fill('In the other tab');
    // Cognito never answers.
    const isRevocation = (request: Request) => /RevokeToken/.test(request.headers()['x-amz-target'] ?? '');
    const { cognitoUrl } = await sharedStack();
    const isCognito = ({ origin }: URL) => origin === new URL(cognitoUrl).origin;
    await andrew.page.route(isCognito, (route) => (isRevocation(route.request()) ? undefined : route.continue()));
    await Promise.all([andrew.page.waitForRequest(isRevocation), typeUntilSignedOut(other), signOut(andrew)]);
    await andrew.page.waitForURL('**/signin');
    await expect.poll(() => writtenKeys(other)).toEqual([]);
    // Until the page has loaded, it is not safe to stop intercepting (see `abortFirst`).
    await andrew.page.getByLabel('Handle or email').waitFor();
    await andrew.page.unroute(isCognito);
    await other.close();
  });

  it('of another person shows nothing of the previous one', async () => {
    await signIn(andrew, 'bayko');
    await andrew.page.getByRole('link', { name: /Andrew Brown/ }).waitFor();
    await andrew.page.getByRole('button', { name: 'Account' }).click();
    await andrew.page.getByText('@bayko').first().waitFor();
    await closeAccountMenu(andrew);
  });

  it('asks before it discards unsent messages', async () => {
    const { page, context } = andrew;
    await page.goto(THREAD);
    await message(andrew, LAST_LINE).waitFor();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menu').waitFor();
    await closeAccountMenu(andrew);
    await context.setOffline(true);
    await composer(page).fill('Never sent');
    await composer(page).press('Enter');
    await signOut(andrew);
    await page.getByRole('alertdialog', { name: 'You have 1 unsent message.' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => page.getByRole('alertdialog').count()).toBe(0);
    await signOut(andrew);
    await page.getByRole('button', { name: 'Discard and sign out' }).click();
    await page.waitForURL('**/signin');
    await context.setOffline(false);
    await signIn(andrew, 'bayko');
    await page.goto(THREAD);
    await message(andrew, LAST_LINE).waitFor();
    expect(await page.getByText('Never sent').count()).toBe(0);
  });

  it('that ends with a message in flight does not store it again when the answer comes', async () => {
    const { page } = andrew;
    let answer = () => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const isSendRequest = (request: Request) => isSend(new URL(request.url()));
    await page.route(isSend, async (route) => {
      await answered;
      await route.abort();
    });
    await composer(page).fill('In flight');
    await Promise.all([page.waitForRequest(isSendRequest), composer(page).press('Enter')]);
    await signOut(andrew);
    await page.getByRole('button', { name: 'Discard and sign out' }).click();
    await page.waitForURL('**/signin');
    const failed = page.waitForEvent('requestfailed', isSendRequest);
    answer();
    await failed;
    await signIn(andrew, 'bayko');
    await page.goto(THREAD);
    await message(andrew, LAST_LINE).waitFor();
    expect(await page.getByText('In flight').count()).toBe(0);
  });
});
