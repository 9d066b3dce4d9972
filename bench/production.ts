import { readStackEnv, type StackEnv } from '@cruddur/config/env';
import { createDatabase, listUsersByHandle } from '@cruddur/db';
import type { Person } from '@cruddur/ddb';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../tests/e2e/support/browser.ts';
import { signIn } from '../tests/e2e/support/people.ts';
import { type Stack, startProductionStack } from '../tests/e2e/support/stack.ts';

const VIEWPORT = { width: 1280, height: 800 };
const WINDOW = { width: 1300, height: 900 };

/** The running production build and a browser. */
export interface Production {
  stack: Stack;
  env: StackEnv;
  browser: Browser;
}

/** Builds and starts the production build for a measurement, and stops it afterwards. */
export async function withProduction<T>(use: (production: Production) => Promise<T>): Promise<T> {
  const stack = await startProductionStack();
  try {
    const browser = await launchBrowser();
    try {
      return await use({ stack, env: readStackEnv(stack.env), browser });
    } finally {
      await browser.close();
    }
  } finally {
    await stack.stop();
  }
}

/** A new browser context. */
export async function newContext(
  browser: Browser,
  baseURL: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL, viewport: VIEWPORT, locale: 'en-GB', ...options });
  context.setDefaultTimeout(30_000);
  // Functions compiled by tsx call this helper, which pages do not have.
  await context.addInitScript({ content: 'globalThis.__name = (target) => target;' });
  return context;
}

/**
 * Opens a page in a window that is larger than its viewport. A headless window starts smaller, and Chromium never presents
 * changes beyond its edge, so that interactions there never seem to end.
 */
export async function newPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const { windowId } = await session.send('Browser.getWindowForTarget');
  await session.send('Browser.setWindowBounds', { windowId, bounds: WINDOW });
  await session.detach();
  return page;
}

/** Signs a seeded person in, in a new page. */
export async function signInSeeded(context: BrowserContext, handle: string): Promise<Page> {
  const page = await newPage(context);
  await page.goto('/signin');
  await signIn({ page, context, violations: [] }, handle);
  return page;
}

/** Finds seeded people by handle, in this order. */
export async function findPeople({ postgres }: StackEnv, ...handles: [string, string]): Promise<[Person, Person]> {
  const database = createDatabase(postgres.url);
  try {
    const [one, other] = await listUsersByHandle(database.db, handles);
    if (!one || !other) throw new Error(`${handles.join(' or ')} is missing`);
    return [one, other];
  } finally {
    await database.close();
  }
}
