import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { connectBrowser } from './support/browser.ts';
import { visit } from './support/people.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await connectBrowser();
});

afterAll(() => browser.close());

describe('a page whose program does not load', () => {
  it('says so, and loads on the button', async () => {
    const { page } = await visit(browser);
    await page.route('**/mount*', (route) => route.abort());
    await page.goto('/signin');
    await page.getByRole('alert').getByText('Cruddur did not load.').waitFor();
    await page.unroute('**/mount*');
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByLabel('Handle or email').waitFor();
  });
});
