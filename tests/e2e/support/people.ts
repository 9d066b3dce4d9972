import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { SEEDED_PASSWORD } from '@cruddur/config/seed';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { v7 } from 'uuid';
import { keepsScreenshots } from '../../support/env.ts';
import { apiOf, createAccount, seeded, signInByApi, storedTokens, type TestAccount } from './accounts.ts';
import { sharedStack } from './shared-stack.ts';
import { composer, pressEscape, untilFocused } from './thread.ts';
import { type Violation, watchViolations } from './violations.ts';

/** Where screenshots are saved. */
export const ARTIFACTS = path.join(ROOT_DIR, 'test-artifacts');
export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** A browser context with one page. */
export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** Violations of the Content-Security-Policy so far. The development page has no policy. */
  violations: Violation[];
}

/** A signed-in user with a browser context. */
export type TestUser = Visitor & TestAccount;

/** Opens a browser context that shares nothing with the others. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: options.baseURL ?? (await sharedStack()).webUrl,
    viewport: DESKTOP,
    locale: 'en-GB',
    // `page.route` does not see a worker's requests.
    serviceWorkers: 'block',
    // Animations take a seventh of the processor time, and tell a test nothing.
    reducedMotion: 'reduce',
    ...options,
  });
  // A message that is written while a page opens its stream, and whose row moves late, is found after up to 45 s.
  context.setDefaultTimeout(60_000);
  const violations = await watchViolations(context);
  return { context, violations, page: await context.newPage() };
}

/** Opens a browser context of a signed-in user. It shows no page yet. */
export async function visitAs(
  browser: Browser,
  account: TestAccount,
  options: BrowserContextOptions = {},
): Promise<TestUser> {
  const [{ webUrl }, tokens] = await Promise.all([sharedStack(), signInByApi(account)]);
  const origin = options.baseURL ?? webUrl;
  const storageState = { cookies: [], origins: [{ origin, localStorage: storedTokens(tokens) }] };
  return { ...account, ...(await visit(browser, { ...options, storageState })) };
}

/** Opens a browser context of a signed-in seeded user. */
export const visitAsSeeded = (browser: Browser, handle: string): Promise<TestUser> => visitAs(browser, seeded(handle));

/** Creates two users with a conversation of one message, `Hello!`, and opens it on both pages. */
export async function createPair(
  browser: Browser,
  names: [string, string],
  options: BrowserContextOptions = {},
): Promise<[TestUser, TestUser]> {
  const [one, other] = await Promise.all([createAccount(names[0]), createAccount(names[1])]);
  const messageGroupUuid = await sendMessage(one, other.handle);
  const open = async (account: TestAccount) => {
    const person = await visitAs(browser, account, options);
    await person.page.goto(`/messages/${messageGroupUuid}`);
    await message(person, 'Hello!').waitFor();
    return person;
  };
  return Promise.all([open(one), open(other)]);
}

/** Writes to a user without a browser. Returns the id of the conversation. */
export async function sendMessage(sender: TestAccount, handle: string, text = 'Hello!'): Promise<string> {
  const api = await apiOf(sender);
  const sent = await api.messages.create.mutate({ handle, message: text, clientMessageUuid: v7() });
  return sent.messageGroupUuid;
}

/** Writes messages in order, without a browser. */
export async function writeMany(
  sender: TestAccount,
  messageGroupUuid: string,
  texts: readonly string[],
): Promise<void> {
  const api = await apiOf(sender);
  for (const text of texts) {
    await api.messages.create.mutate({ message: text, clientMessageUuid: v7(), messageGroupUuid });
  }
}

/** The id of the conversation that is open. */
export const openGroup = ({ page }: Visitor): string => page.url().split('/').at(-1) ?? '';

/** Signs in with the form of the open page, or of the start page in a new context. */
export async function signIn({ page }: Visitor, username: string, password = SEEDED_PASSWORD): Promise<void> {
  if (page.url() === 'about:blank') await page.goto('/');
  await page.getByLabel('Handle or email').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(/\/messages/);
}

/** Signs up with the page's forms, and waits until others can find the user. */
export async function signUp({ page }: Visitor, account: TestAccount): Promise<void> {
  await page.goto('/signup');
  await page.getByLabel('Name', { exact: true }).fill(account.displayName);
  await page.getByLabel('Handle', { exact: true }).fill(account.handle);
  await page.getByLabel('Email').fill(`${account.handle}@cruddur.example`);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL(/\/confirm/);
  await page.getByLabel('Code').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('123 456');
  await page.getByRole('button', { name: 'Confirm', exact: true }).click();
  await page.waitForURL('**/messages');
  await page.getByRole('button', { name: 'Account' }).waitFor();
}

/** Closes the account menu, and waits until its button has the focus again: that closes a menu opened meanwhile. */
export async function closeAccountMenu({ page }: Visitor): Promise<void> {
  await pressEscape(page.getByRole('menu'));
  await untilFocused(page.getByRole('button', { name: 'Account' }));
}

/** Signs out with the account menu. */
export async function signOut({ page }: Pick<Visitor, 'page'>): Promise<void> {
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
}

/** Makes the access token in the browser one that expired a minute ago. */
export const expireToken = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.endsWith('.accessToken')) ?? '';
    const [head, body = '', signature] = localStorage.getItem(key)?.split('.') ?? [];
    const payload: object = JSON.parse(atob(body.replaceAll('-', '+').replaceAll('_', '/')));
    const expired = btoa(JSON.stringify({ ...payload, exp: Math.floor(Date.now() / 1000) - 60 }));
    localStorage.setItem(key, [head, expired.replaceAll('+', '-').replaceAll('/', '_'), signature].join('.'));
  });

/** Types a message and sends it with Enter. */
export async function write({ page }: Visitor, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** Blocks a part of a page's program: the page shows an error, and loads after Reload. */
export async function expectReloadable(page: Page, part = '**/routes*'): Promise<void> {
  await page.route(part, (route) => route.abort());
  await page.goto('/signin');
  await page.getByRole('alert').getByText('Couldn’t load Cruddur.').waitFor();
  await page.unroute(part);
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.getByLabel('Handle or email').waitFor();
}

/** The thread's message with this text. */
export const message = ({ page }: Pick<Visitor, 'page'>, text: string) =>
  page.getByRole('log').getByText(text, { exact: true });

/** The conversation's row in the list, by the other person's name. */
export const conversation = ({ page }: Pick<Visitor, 'page'>, name: string) =>
  page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name });

/** Saves screenshots of a page at phone and desktop width if `KEEP_SCREENSHOTS` is set. */
export async function keepScreenshots({ page }: Visitor, name: string): Promise<void> {
  if (!keepsScreenshots()) return;
  mkdirSync(ARTIFACTS, { recursive: true });
  // The page's code may still be loading.
  await page.getByRole('heading', { level: 1 }).or(page.getByRole('log')).first().waitFor();
  for (const viewport of [PHONE, DESKTOP]) {
    await page.setViewportSize(viewport);
    await page.screenshot({ path: path.join(ARTIFACTS, `${name}-${viewport.width}.png`) });
  }
}
