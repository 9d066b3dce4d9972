import { readStackEnv, type StackEnv } from '@cruddur/config/env';
import { createDatabase, listUsersByHandle } from '@cruddur/db';
import type { Person } from '@cruddur/ddb';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../tests/e2e/support/browser.ts';
import { signIn } from '../tests/e2e/support/people.ts';
import { type Stack, startProductionStack } from '../tests/e2e/support/stack.ts';

const VIEWPORT = { width: 1280, height: 800 };
const WINDOW = { width: 1300, height: 900 };

/** The production build, running, and a browser. */
export interface Production {
  stack: Stack;
  /** Where its services are. */
  env: StackEnv;
  browser: Browser;
}

/** Builds and starts the production build for as long as something is measured. */
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

/** A browser context that shares nothing with the others. */
export async function newContext(
  browser: Browser,
  baseURL: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL, viewport: VIEWPORT, locale: 'en-GB', ...options });
  context.setDefaultTimeout(30_000);
  // tsx gives functions their names by a helper that a function sent to the page would miss.
  await context.addInitScript({ content: 'globalThis.__name = (target) => target;' });
  return context;
}

/**
 * Opens a page in a window of its size. A headless window is smaller than that to begin with, and what changes beyond its
 * edge is never presented: Chromium would count an interaction there until something else is.
 */
export async function newPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const { windowId } = await session.send('Browser.getWindowForTarget');
  await session.send('Browser.setWindowBounds', { windowId, bounds: WINDOW });
  await session.detach();
  return page;
}

/** Signs a seeded person in, in the first page of a context. */
export async function signInSeeded(context: BrowserContext, handle: string): Promise<Page> {
  const page = await newPage(context);
  await page.goto('/signin');
  await signIn({ page, context, violations: [] }, handle);
  return page;
}

/** Seeded people, in the order asked for. */
export async function findPeople({ postgres }: StackEnv, ...handles: [string, string]): Promise<[Person, Person]> {
  const database = createDatabase(postgres.url);
  try {
    const [one, other] = await listUsersByHandle(database.db, handles);
    if (!one || !other) throw new Error(`${handles.join(' and ')} are not there`);
    return [one, other];
  } finally {
    await database.close();
  }
}
