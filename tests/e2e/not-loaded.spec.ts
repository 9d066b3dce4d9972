import { describe, it } from 'vitest';
import { connectBrowser } from './support/browser.ts';
import { expectReloadable, visit } from './support/people.ts';

const browser = await connectBrowser();

describe('a page whose program does not load', () => {
  it('says so, and loads on the button', async () => {
    const { page } = await visit(browser);
    await expectReloadable(page);
  });
});
