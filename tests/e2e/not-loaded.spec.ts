import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { connectBrowser } from './support/browser.ts';
import { expectReloadable, visit } from './support/people.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await connectBrowser();
});

afterAll(() => browser.close());

describe('a page whose program does not load', () => {
  it('says so, and loads on the button', async () => {
    const { page } = await visit(browser);
    await expectReloadable(page);
  });
});
