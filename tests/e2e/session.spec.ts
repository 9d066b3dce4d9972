import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './support/browser.ts';
import { message, signIn, type Visitor, visit } from './support/people.ts';
import { composer } from './support/thread.ts';

const THREAD = `/messages/${SEEDED_MESSAGE_GROUP_UUID}`;
const LAST_LINE = 'I will heat the iron. Both.';

let browser: Browser;
let andrew: Visitor;

beforeAll(async () => {
  browser = await launchBrowser();
  andrew = await visit(browser);
  await andrew.page.goto(THREAD);
  await signIn(andrew, 'andrewbrown');
  await message(andrew, LAST_LINE).waitFor();
});

afterAll(() => browser.close());

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

/** Lets the access token that the browser keeps have run out a minute ago. */
const letTokenRunOut = (page: Page) =>
  page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.endsWith('.accessToken')) ?? '';
    const [head, body = '', signature] = localStorage.getItem(key)?.split('.') ?? [];
    const payload: object = JSON.parse(atob(body.replaceAll('-', '+').replaceAll('_', '/')));
    const runOut = btoa(JSON.stringify({ ...payload, exp: Math.floor(Date.now() / 1000) - 60 }));
    localStorage.setItem(key, [head, runOut.replaceAll('+', '-').replaceAll('/', '_'), signature].join('.'));
  });

describe('a session', () => {
  it('lasts over a reload', async () => {
    await andrew.page.reload();
    await message(andrew, LAST_LINE).waitFor();
  });

  it('goes on by itself where the token has run out', async () => {
    const { page } = andrew;
    await letTokenRunOut(page);
    const asked = page.waitForRequest((request) => /RefreshToken/.test(request.headers()['x-amz-target'] ?? ''));
    await page.reload();
    await asked;
    await message(andrew, LAST_LINE).waitFor();
  });

  it('that the server no longer takes ends at the sign-in page, which leads back, the draft kept', async () => {
    const { page } = andrew;
    await alterTokens(page, ['accessToken']);
    // The stream stands by the token that it was opened with; whatever is asked next is refused.
    await composer(page).fill('Not yet said');
    await page.getByText('Your session has ended.').waitFor();
    await signIn(andrew, 'andrewbrown');
    await page.waitForURL(`**${THREAD}`);
    await message(andrew, LAST_LINE).waitFor();
    expect(await composer(page).inputValue()).toBe('Not yet said');
    await composer(page).fill('');
  });

  it('that ends in one tab ends in the others, without a trace of what was written', async () => {
    const other = await andrew.context.newPage();
    await other.goto(THREAD);
    await composer(other).fill('In the other tab');
    await andrew.page.getByRole('button', { name: 'Account' }).click();
    await andrew.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await andrew.page.waitForURL('**/signin');
    await other.waitForURL('**/signin');
    expect(await other.evaluate(() => Object.keys(localStorage).filter((key) => !key.endsWith(':theme')))).toEqual([]);
    await other.close();
  });

  it('of somebody else shows nothing of the one before', async () => {
    await signIn(andrew, 'bayko');
    await andrew.page.getByRole('link', { name: /Andrew Brown/ }).waitFor();
    await andrew.page.getByRole('button', { name: 'Account' }).click();
    await andrew.page.getByText('@bayko').first().waitFor();
    await andrew.page.keyboard.press('Escape');
  });

  it('asks before it throws away what is unsent', async () => {
    const { page, context } = andrew;
    await page.goto(THREAD);
    await message(andrew, LAST_LINE).waitFor();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await context.setOffline(true);
    await composer(page).fill('Never sent');
    await composer(page).press('Enter');
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('alertdialog', { name: 'A message has not been sent.' }).waitFor();
    await page.getByRole('button', { name: 'Stay' }).click();
    await expect.poll(() => page.getByRole('alertdialog').count()).toBe(0);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out and lose it' }).click();
    await page.waitForURL('**/signin');
    await context.setOffline(false);
    await signIn(andrew, 'bayko');
    await page.goto(THREAD);
    await message(andrew, LAST_LINE).waitFor();
    expect(await page.getByText('Never sent').count()).toBe(0);
  });
});
