import { describe, it } from 'vitest';
import { connectBrowser } from './support/browser.ts';
import { expectReloadable, visit } from './support/people.ts';

const browser = await connectBrowser();

describe('a page whose program does not load', () => {
  it('shows an error, and loads after Reload', async () => {
    const { page } = await visit(browser);
    await expectReloadable(page);
  });
});
