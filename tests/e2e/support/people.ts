import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT_DIR } from '@cruddur/config/env';
import { SEEDED_PASSWORD } from '@cruddur/config/seed';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { inject } from 'vitest';
import { type Violation, watchViolations } from './violations.ts';

const ARTIFACTS = path.join(ROOT_DIR, 'test-artifacts');
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** Somebody at a browser of their own. */
export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** What the Content-Security-Policy has stopped so far; there is one in production. */
  violations: Violation[];
}

/** Opens a browser context that shares nothing with the others. */
export async function visit(browser: Browser, options: { colorScheme?: 'light' | 'dark' } = {}): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: inject('webUrl'),
    viewport: DESKTOP,
    locale: 'en-GB',
    ...options,
  });
  context.setDefaultTimeout(45_000);
  const violations = await watchViolations(context);
  return { context, violations, page: await context.newPage() };
}

/** Signs in by the page's own form, from wherever it is shown. */
export async function signIn({ page }: Visitor, username: string, password = SEEDED_PASSWORD): Promise<void> {
  if (page.url() === 'about:blank') await page.goto('/');
  await page.getByLabel('Handle or email').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(/\/messages/);
}

/** Types a message as a person does, and sends it with Enter. */
export async function write({ page }: Visitor, text: string): Promise<void> {
  const box = page.getByRole('textbox', { name: /^Message/ });
  await box.fill(text);
  await box.press('Enter');
}

/** The thread's message of a text. */
export const message = ({ page }: Visitor, text: string) => page.getByRole('log').getByText(text, { exact: true });

/** The conversation's row in the list, by the other person's name. */
export const conversation = ({ page }: Visitor, name: string) =>
  page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name });

/** Keeps what a page looks like at desktop and phone width, for a person to look at. */
export async function keepScreenshots({ page }: Visitor, name: string): Promise<void> {
  mkdirSync(ARTIFACTS, { recursive: true });
  // A page's own code may still be on its way.
  await page.getByRole('heading', { level: 1 }).or(page.getByRole('log')).first().waitFor();
  for (const viewport of [PHONE, DESKTOP]) {
    await page.setViewportSize(viewport);
    await page.screenshot({ path: path.join(ARTIFACTS, `${name}-${viewport.width}.png`) });
  }
}
